#![deny(clippy::print_stdout, clippy::print_stderr)]

/// Marking takes and gives back many small pieces of memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    solve::cli::main()
}
