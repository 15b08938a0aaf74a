//! On Linux the program is linked to fixed addresses: to move itself anew took half of the work of its start.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |name: &str| std::env::var(name).unwrap_or_default();
    let is_glibc = target("CARGO_CFG_TARGET_OS") == "linux" && target("CARGO_CFG_TARGET_ENV") == "gnu";
    if is_glibc && ["x86_64", "aarch64"].contains(&target("CARGO_CFG_TARGET_ARCH").as_str()) {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
