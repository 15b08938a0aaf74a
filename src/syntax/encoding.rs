//! Bytes to text.

use crate::diagnostic::Diagnostic;
use crate::span::Span;

const UTF8_BOM: &[u8] = &[0xEF, 0xBB, 0xBF];
/// How many bytes are looked at to tell UTF-16 from other binary data.
const SAMPLE: usize = 64;

/// The text of a file: UTF-8, with a byte order mark skipped.
///
/// Nothing is replaced: a byte that is no UTF-8 is an error that names its offset (`E-encoding`).
pub fn decode(bytes: &[u8]) -> Result<String, Diagnostic> {
    if let Some(name) = wide_encoding(bytes) {
        return Err(unreadable(format!("this file is {name}"), 0).help("save it as UTF-8"));
    }
    let (bytes, skipped) = match bytes.strip_prefix(UTF8_BOM) {
        Some(rest) => (rest, UTF8_BOM.len()),
        None => (bytes, 0),
    };
    if let Some(offset) = bytes.iter().position(|byte| *byte == 0) {
        let message = format!("byte {} is NUL: this is no text file", offset + skipped);
        return Err(unreadable(message, offset));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let offset = error.valid_up_to();
            let message = format!("byte {} (0x{:02X}) is not UTF-8", offset + skipped, bytes[offset]);
            Err(unreadable(message, offset).help("save the file as UTF-8"))
        }
    }
}

fn unreadable(message: String, offset: usize) -> Diagnostic {
    Diagnostic::error("E-encoding", message).at(Span::new(offset, offset), "here")
}

/// UTF-16 and UTF-32 by their marks, or UTF-16 by a NUL in every second byte.
fn wide_encoding(bytes: &[u8]) -> Option<&'static str> {
    let marks: [(&[u8], &str); 4] = [
        (&[0xFF, 0xFE, 0, 0], "UTF-32"),
        (&[0, 0, 0xFE, 0xFF], "UTF-32"),
        (&[0xFF, 0xFE], "UTF-16"),
        (&[0xFE, 0xFF], "UTF-16"),
    ];
    if let Some((_, name)) = marks.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Some(name);
    }
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let nul_at = |parity: usize| sample.iter().skip(parity).step_by(2).all(|byte| *byte == 0);
    let text_at = |parity: usize| sample.iter().skip(parity).step_by(2).all(|byte| *byte != 0);
    let utf16 = sample.len() >= 4 && ((nul_at(1) && text_at(0)) || (nul_at(0) && text_at(1)));
    utf16.then_some("UTF-16")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(bytes: &[u8]) -> String {
        decode(bytes).unwrap_err().message
    }

    #[test]
    fn utf8_with_and_without_a_mark() {
        assert_eq!(decode("θ = 1".as_bytes()).unwrap(), "θ = 1");
        assert_eq!(decode(b"\xEF\xBB\xBFx = 1").unwrap(), "x = 1");
        assert_eq!(decode(b"").unwrap(), "");
    }

    #[test]
    fn other_encodings_are_named() {
        assert_eq!(message(b"\xFF\xFEx\0=\0"), "this file is UTF-16");
        assert_eq!(message(b"\xFE\xFF\0x\0="), "this file is UTF-16");
        assert_eq!(message(b"p\0r\0o\0b\0"), "this file is UTF-16");
        assert_eq!(message(b"\0p\0r\0o\0b"), "this file is UTF-16");
        assert_eq!(message(b"\xFF\xFE\0\0x\0\0\0"), "this file is UTF-32");
    }

    #[test]
    fn a_bad_byte_is_named_with_its_offset_in_the_file() {
        assert_eq!(message(b"ab\xE9c"), "byte 2 (0xE9) is not UTF-8");
        assert_eq!(message(b"\xEF\xBB\xBFab\xE9c"), "byte 5 (0xE9) is not UTF-8");
        assert_eq!(message(b"abc\0d\xE9"), "byte 3 is NUL: this is no text file");
        assert_eq!(decode(b"ab\xE9c").unwrap_err().code, "E-encoding");
    }
}
