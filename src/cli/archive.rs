//! Packages as zip files: the same files give the same bytes.

use crate::render::course::PackedFile;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::{CompressionMethod, Error, ZipArchiveWriter};
use std::io::Write;

/// A plain file that everyone may read, and one that may be run too.
const MODES: [u32; 2] = [0o100_644, 0o100_755];

/// All files in one, in their order; the error is in words.
pub fn zip(files: &[PackedFile]) -> Result<Vec<u8>, String> {
    packed(files).map_err(|error| error.to_string())
}

fn packed(files: &[PackedFile]) -> Result<Vec<u8>, Error> {
    let mut archive = ZipArchiveWriter::new(Vec::new());
    for file in files {
        let (mut entry, config) = archive
            .new_file(file.path.as_str())
            .compression_method(CompressionMethod::DEFLATE)
            .unix_permissions(MODES[usize::from(file.executable)])
            .start()?;
        let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::default()));
        writer.write_all(&file.content)?;
        let (encoder, descriptor) = writer.finish()?;
        encoder.finish()?;
        entry.finish(descriptor)?;
    }
    archive.finish()
}
