//! What the program is built of: every crate has a permissive licence, and none is there twice but for those known. It asks
//! cargo offline, for one platform, so that it says the same everywhere.

use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Command;

/// Licences that ask for no more than to be named.
const PERMISSIVE: [&str; 12] = [
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "ISC",
    "Zlib",
    "0BSD",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "Unicode-3.0",
    "Unlicense",
];

/// Crates of which two versions are built, each because another crate asks for the older one.
const TWICE: [&str; 4] = ["foldhash", "glam", "hashbrown", "syn"];

fn packages() -> Vec<Value> {
    let arguments = ["metadata", "--locked", "--offline", "--format-version", "1"];
    let platform = ["--filter-platform", "x86_64-unknown-linux-gnu"];
    let ran = Command::new(env!("CARGO")).args(arguments).args(platform).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let metadata: Value = serde_json::from_slice(&ran.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Whether one of the choices that a licence gives is permissive in all its parts.
fn is_permissive(licence: &str) -> bool {
    let part = |part: &str| PERMISSIVE.contains(&part.trim().trim_matches(['(', ')']));
    let parts: Vec<&str> = licence.split(" AND ").collect();
    parts.iter().all(|all| all.replace('/', " OR ").split(" OR ").any(part))
}

#[test]
fn every_licence_is_permissive() {
    let packages = packages();
    let name = |package: &Value| format!("{}: {}", package["name"], package["license"]);
    let others = packages.iter().filter(|package| !package["license"].as_str().is_some_and(is_permissive));
    assert_eq!(others.map(name).collect::<Vec<_>>(), Vec::<String>::new());
    assert!(packages.len() > 100 && !is_permissive("GPL-3.0") && !is_permissive("MIT AND GPL-3.0"));
}

#[test]
fn no_crate_is_there_twice() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for package in packages() {
        *counts.entry(package["name"].as_str().unwrap().to_string()).or_default() += 1;
    }
    let twice: Vec<&str> = counts.iter().filter(|(_, count)| **count > 1).map(|(name, _)| name.as_str()).collect();
    assert_eq!(twice, TWICE);
}
