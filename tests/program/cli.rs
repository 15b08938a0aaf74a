//! The program as its users meet it: streams, exit codes, files. Every case runs the real binary.

use std::fs;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

use crate::common::binary::{Ran, command, ended, interrupt, json, names, run_in, until};

const GOOD: &str = "problem \"P\"\ngiven\n  x = 2\nmodel\n  y = 3*x\ntasks\n  compute y\n";
/// The undefined name is in line 5, column 9.
const BAD: &str = "problem \"P\"\ngiven\n  x = 2\nmodel\n  y = 3*zz\ntasks\n  compute y\n";

/// A folder with the good and the bad spec in it.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("good.spec"), GOOD).unwrap();
    fs::write(folder.path().join("bad.spec"), BAD).unwrap();
    folder
}

fn run(args: &[&str]) -> Ran {
    run_in(folder().path(), args)
}

fn run_with_input(args: &[&str], input: &[u8]) -> Ran {
    let folder = folder();
    let mut child = command(folder.path(), args).stdin(Stdio::piped()).spawn().unwrap();
    // It need not read all of it.
    let _ = child.stdin.take().unwrap().write_all(input);
    ended(child)
}

/// The run of a spec with these bytes.
fn run_bytes(bytes: &[u8]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("q.spec"), bytes).unwrap();
    run_in(folder.path(), &["q.spec"])
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

mod usage {
    use super::*;

    #[test]
    fn help_and_version_are_results() {
        run(&["--help"]).ended(0).printed(&["Usage: solve", "Examples:", "solve watch", "Exit codes"]);
        run(&["--version"]).ended(0).printed(&["solve 0."]);
        run(&["help", "watch"]).ended(0).printed(&["--force"]);
    }

    #[test]
    fn wrong_usage_is_told_and_ends_with_2() {
        run(&[]).ended(2).told(&["Usage: solve"]);
        run(&["--nonsense", "good.spec"]).ended(2).told(&["--nonsense"]);
        run(&["good.spec", "--format", "pdf"]).ended(2).told(&["--output FILE.pdf"]);
        run(&["good.spec", "-o", "x.pdf", "--pdf-with", "pdflatx"]).ended(2).told(&["did you mean `pdflatex`?"]);
        run(&["good.spec", "--sheet", "exam", "--format", "json"]).ended(2).told(&["md, latex, html, text or pdf"]);
        run(&["good.spec", "--formt", "md"]).ended(2).told(&["--format"]);
        run(&["good.spec", "--digits", "0"]).ended(2).told(&["--digits"]);
        run(&["good.spec", "--steps", "some"]).ended(2).told(&["short", "full"]);
        run(&["good.spec", "--explain", "y"]).ended(2).told(&["J[1,2]"]);
        run(&["good.spec", "--only", "graph", "--format", "json"]).ended(2).told(&["svg, tikz, mermaid, dot or md"]);
        run(&["good.spec", "-o", "x.doc"]).ended(2).told(&["`.doc`", "--format"]);
        run(&["good.spec", "bad.spec", "--only", "graph", "-o", "x.svg"]).ended(2).told(&["x.svg/"]);
        run(&["good.spec", "bad.spec", "--format", "html"]).ended(2).told(&["--output FOLDER/"]);
        run(&["-", "-"]).ended(2).told(&["once"]);
        run(&["good.spec", "--template", "none.md"]).ended(2).told(&["none.md", "no such file"]);
        run(&["watch", "-"]).ended(2).told(&["standard input"]);
        run(&["operators", "sofmax"]).ended(2).told(&["did you mean `softmax`?"]);
    }

    #[test]
    fn entries_that_are_not_there_are_told() {
        run(&["good.spec", "--explain", "z[1]"]).ended(2).told(&["no line `z`"]);
        run(&["good.spec", "--explain", "y[1,2,3]"]).ended(2).told(&["y[1,2,3]", "indices"]);
    }

    #[test]
    fn a_misspelt_command_is_recognised() {
        run(&["wach", "bad.spec"]).ended(2).told(&["`wach`", "`solve watch …`", "`zz`"]);
        run(&["--color", "never", "operators"]).ended(0);
        run(&["--steps", "full", "operators"]).ended(2).told(&["a command comes first"]);
        run(&["nothing.spec"]).ended(2).told(&["no such file"]);
    }
}

mod operators {
    use super::*;

    #[test]
    fn they_are_listed_in_every_form() {
        run(&["operators"]).ended(0).printed(&["conv2d(I, W", "softmax(A"]);
        run(&["operators", "--format", "md"]).ended(0).printed(&["| operator | meaning |", "| `relu("]);
        let listed = json(&run(&["operators", "--format", "json"]).ended(0).out);
        let names = listed["operators"].as_array().unwrap().iter().map(|operator| operator["name"].as_str().unwrap());
        assert!(names.collect::<Vec<_>>().contains(&"conv2d"));
    }

    #[test]
    fn one_is_told_in_full() {
        run(&["operators", "relu"]).ended(0).printed(&["max(0", "Conventions:", "Also called: ReLU"]);
        assert_eq!(run(&["operators", "ReLU"]).out, run(&["operators", "relu"]).out);
    }
}

mod streams {
    use super::*;

    #[test]
    fn a_closed_pipe_is_a_quiet_end() {
        let folder = folder();
        for args in [&["operators"][..], &["--help"], &["bad.spec", "--format", "json"]] {
            let mut child = command(folder.path(), args).spawn().unwrap();
            drop(child.stdout.take());
            ended(child).ended(0).told(&[]);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told() {
        let folder = folder();
        for args in [&["operators"][..], &["--version"], &["bad.spec", "--format", "json"]] {
            let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
            let ran = ended(command(folder.path(), args).stdout(full).spawn().unwrap());
            ran.ended(2).told(&["standard output: no space left"]);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn nowhere_to_tell_is_no_panic() {
        let folder = folder();
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        assert_eq!(command(folder.path(), &["bad.spec"]).stderr(full).status().unwrap().code(), Some(1));
    }

    #[test]
    fn standard_input_is_a_spec() {
        run_with_input(&["-"], BAD.as_bytes()).ended(1).told(&["<stdin>:5:9", "`zz`"]);
        run_with_input(&["-"], b"").ended(1).told(&["<stdin>:1:1", "no problem found"]);
    }

    #[test]
    fn colour_is_a_choice() {
        let is_colored = |args: &[&str]| run(args).err.contains('\u{1b}');
        assert!(is_colored(&["bad.spec", "--color", "always"]));
        assert!(is_colored(&["--nonsense", "--color=always"]));
        assert!(!is_colored(&["bad.spec", "--color", "never"]));
        assert!(!is_colored(&["bad.spec"]));
        assert!(!is_colored(&["--nonsense"]));
    }

    /// Standard error is a terminal here, made by `script`; without that tool there is nothing to see.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_terminal_gets_colour_unless_it_is_refused() {
        let folder = folder();
        let on_terminal = |variable: &str, value: &str| {
            let line = format!("{} bad.spec", env!("CARGO_BIN_EXE_solve"));
            let mut script = Command::new("script");
            script.args(["-qec", &line, "/dev/null"]).current_dir(folder.path()).stdin(Stdio::null());
            script.env_remove("NO_COLOR").env("TERM", "xterm").env(variable, value);
            script.output().ok().map(|output| String::from_utf8_lossy(&output.stdout).contains('\u{1b}'))
        };
        let Some(colored) = on_terminal("LANG", "C") else { return };
        assert!(colored);
        assert_eq!(on_terminal("NO_COLOR", "1"), Some(false));
        assert_eq!(on_terminal("TERM", "dumb"), Some(false));
    }

    /// Standard output is a terminal here.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_terminal_gets_text_and_a_pipe_markdown() {
        let folder = folder();
        let line = format!("{} good.spec", env!("CARGO_BIN_EXE_solve"));
        let mut script = Command::new("script");
        script.args(["-qec", &line, "/dev/null"]).current_dir(folder.path()).stdin(Stdio::null());
        let Ok(shown) = script.output() else { return };
        let shown = String::from_utf8_lossy(&shown.stdout).replace('\r', "");
        assert_eq!(shown, run(&["good.spec", "--format", "text"]).out);
        assert_eq!(run(&["good.spec"]).out, run(&["good.spec", "--format", "md"]).out);
    }
}

mod errors {
    use super::*;

    #[test]
    fn they_have_a_place_the_line_and_a_caret() {
        let caret = "5 |   y = 3*zz\n  |         ^^";
        run(&["bad.spec"]).ended(1).told(&["error[E-", "bad.spec:5:9", caret]);
    }

    #[test]
    fn every_line_ending_and_a_byte_order_mark_read_the_same() {
        let expected = run_bytes(BAD.as_bytes()).ended(1).told(&["q.spec:5:9"]).err;
        for variant in [BAD.replace('\n', "\r\n"), BAD.replace('\n', "\r"), format!("\u{feff}{BAD}")] {
            assert_eq!(run_bytes(variant.as_bytes()).ended(1).err, expected);
        }
    }

    #[test]
    fn tabs_count_as_one_column() {
        run_bytes(BAD.replace("  y = ", "\ty = ").as_bytes()).ended(1).told(&["q.spec:5:8"]);
    }

    #[test]
    fn bytes_that_are_no_text_are_told() {
        run_bytes(b"problem \"P\"\n\xff").ended(1).told(&["q.spec:2:1", "byte 12 (0xFF) is not UTF-8"]);
        run_bytes(b"problem \"P\"\n\0").ended(1).told(&["q.spec:2:1", "NUL"]);
        run_bytes(b"\xff\xfep\0r\0").ended(1).told(&["UTF-16"]);
        run_bytes(b"\x7fELF\x02\x01\x01\0\0\0\xff\xfe\x80").ended(1).told(&["E-encoding"]);
        run_bytes(b"").ended(1).told(&["no problem found"]);
        run_bytes(b"# only this\n").ended(1).told(&["no problem found"]);
    }

    #[test]
    fn many_brackets_are_no_overflow() {
        for bracket in ["(", "-", "[", "'"] {
            run_bytes(BAD.replace("zz", &bracket.repeat(100_000)).as_bytes()).ended(1).told(&["error[E-"]);
        }
    }

    #[test]
    fn programs_get_them_as_json() {
        let ran = run(&["bad.spec", "--format", "json"]).ended(1).printed(&[]);
        let value = json(&ran.out);
        assert_eq!(value["schema"], 1);
        let error = &value["errors"][0];
        assert_eq!((&error["severity"], &error["file"]), (&json("\"error\""), &json("\"bad.spec\"")));
        let place = ["line", "column", "end_line", "end_column"].map(|key| error[key].as_u64().unwrap());
        assert_eq!(place, [5, 9, 5, 11]);
        assert!(error["code"].as_str().unwrap().starts_with("E-"));
        assert!(error["message"].as_str().unwrap().contains("zz"));
        assert_eq!(error["labels"][0]["column"], 9);
        assert!(error["help"].is_array());
    }

    #[test]
    fn a_file_that_cannot_be_read_is_json_too() {
        let ran = run(&["none.spec", "--format", "json"]).ended(2).printed(&["no such file"]);
        assert_eq!(json(&ran.out)["errors"][0]["line"], serde_json::Value::Null);
    }

    #[test]
    fn several_specs_are_told_one_by_one_and_the_worst_counts() {
        run(&["bad.spec", "bad.spec"]).ended(1).told(&["bad.spec:5:9"]);
        run(&["bad.spec", "none.spec"]).ended(2).told(&["bad.spec:5:9", "none.spec", "no such file"]);
        run(&["none.spec", "bad.spec"]).ended(2).told(&["bad.spec:5:9"]);
        let ran = run(&["bad.spec", "none.spec", "--format", "json"]).ended(2);
        assert_eq!(json(&ran.out).as_array().map(Vec::len), Some(2));
        let ran = run(&["good.spec", "bad.spec", "--format", "json"]).ended(1);
        assert_eq!(json(&ran.out)[1]["errors"][0]["column"], 9);
        run(&["god.spec"]).ended(2).told(&["did you mean `good.spec`?"]);
    }
}

mod inputs {
    use super::*;

    #[test]
    fn a_folder_is_no_spec() {
        run(&["."]).ended(2).told(&["is a folder"]);
    }

    #[test]
    fn size_is_bounded() {
        run_bytes(&vec![b'#'; (2 << 20) + 1]).ended(1).told(&["E-size", "2097152"]);
        run_bytes(&vec![b'#'; 2 << 20]).ended(1).told(&["no problem found"]);
        run_with_input(&["-"], &vec![b'#'; 4 << 20]).ended(1).told(&["E-size"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn endless_and_sparse_files_are_read_to_the_limit() {
        run(&["/dev/zero"]).ended(1).told(&["E-size"]);
        run(&["/dev/null"]).ended(1).told(&["no problem found"]);
        let folder = folder();
        fs::File::create(folder.path().join("sparse.spec")).unwrap().set_len(4 << 30).unwrap();
        run_in(folder.path(), &["sparse.spec"]).ended(1).told(&["E-size"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_named_pipe_is_read_or_given_up() {
        let folder = folder();
        let pipe = folder.path().join("pipe.spec");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        run_in(folder.path(), &["pipe.spec"]).ended(1).told(&["a pipe into which no one writes"]);
        let child = command(folder.path(), &["pipe.spec"]).spawn().unwrap();
        fs::write(&pipe, BAD).unwrap();
        ended(child).ended(1).told(&["pipe.spec:5:9"]);
    }

    #[cfg(unix)]
    #[test]
    fn symbolic_links_to_specs_are_followed() {
        let folder = folder();
        let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, folder.path().join(name)).unwrap();
        link("bad.spec", "link.spec");
        link("loop.spec", "loop.spec");
        run_in(folder.path(), &["link.spec"]).ended(1).told(&["link.spec:5:9"]);
        run_in(folder.path(), &["loop.spec"]).ended(2).told(&["loop.spec"]);
    }

    #[test]
    fn hostile_names_are_shown_harmlessly() {
        run(&["\u{1b}[31mred.spec"]).ended(2);
        assert!(!run(&["\u{1b}[31mred.spec"]).err.contains('\u{1b}'));
        run(&[&"x".repeat(300)]).ended(2).told(&["xxx"]);
    }
}

mod documents {
    use super::*;

    #[test]
    fn the_document_is_the_only_thing_printed() {
        run(&["good.spec"]).ended(0).printed(&["6"]);
        run_with_input(&["-"], GOOD.as_bytes()).ended(0).printed(&["6"]);
        assert_eq!(json(&run(&["good.spec", "--format", "json"]).ended(0).printed(&[]).out)["schema"], 1);
    }

    #[test]
    fn the_same_input_gives_the_same_bytes() {
        for format in ["md", "latex", "text", "json", "html", "svg"] {
            let printed = || run(&["good.spec", "--format", format]).ended(0).out;
            assert_eq!(printed(), printed(), "{format}");
        }
    }

    #[test]
    fn line_endings_and_a_byte_order_mark_change_nothing() {
        let expected = run_bytes(GOOD.as_bytes()).ended(0).out;
        for variant in [GOOD.replace('\n', "\r\n"), GOOD.replace('\n', "\r"), format!("\u{feff}{GOOD}")] {
            assert_eq!(run_bytes(variant.as_bytes()).ended(0).out, expected);
        }
    }

    #[test]
    fn the_language_of_the_machine_changes_nothing() {
        let folder = folder();
        let expected = run_in(folder.path(), &["good.spec"]).ended(0).out;
        for (variable, value) in [("LC_ALL", "C"), ("LC_ALL", "de_DE.UTF-8"), ("COLUMNS", "20"), ("TERM", "dumb")] {
            let ran = ended(command(folder.path(), &["good.spec"]).env(variable, value).spawn().unwrap());
            assert_eq!(ran.ended(0).out, expected, "{variable}={value}");
        }
    }

    #[test]
    fn a_closed_pipe_is_a_quiet_end() {
        let folder = folder();
        let mut child = command(folder.path(), &["good.spec", "good.spec"]).spawn().unwrap();
        drop(child.stdout.take());
        ended(child).ended(0).told(&[]);
    }

    #[test]
    fn one_bad_spec_spoils_no_other() {
        let ran = run(&["good.spec", "bad.spec", "good.spec"]).ended(1);
        assert!(ran.err.contains("bad.spec:5:9"));
        assert_eq!(ran.out.matches("\n---\n").count(), 1, "{}", ran.out);
        let folder = folder();
        run_in(folder.path(), &["bad.spec", "good.spec", "-o", "keys/"]).ended(1).told(&["bad.spec:5:9"]);
        assert_eq!(names(&folder.path().join("keys")), ["good.md"]);
    }

    #[test]
    fn a_file_gets_what_would_be_printed() {
        let folder = folder();
        for (file, format) in [("a.md", "md"), ("a.tex", "latex"), ("a.txt", "text"), ("a.json", "json")] {
            run_in(folder.path(), &["good.spec", "-o", file]).ended(0).told(&[&format!("wrote {file}")]);
            assert_eq!(read(&folder, file), run_in(folder.path(), &["good.spec", "--format", format]).out);
        }
    }

    #[test]
    fn a_file_that_is_there_stays_without_force() {
        let folder = folder();
        fs::write(folder.path().join("a.md"), "mine").unwrap();
        run_in(folder.path(), &["good.spec", "-o", "a.md"]).ended(2).told(&["a.md", "exists already", "--force"]);
        assert_eq!(read(&folder, "a.md"), "mine");
        run_in(folder.path(), &["bad.spec", "-o", "a.md", "--force"]).ended(1).told(&["bad.spec:5:9"]);
        assert_eq!(read(&folder, "a.md"), "mine");
        run_in(folder.path(), &["good.spec", "-o", "a.md", "--force", "--quiet"]).ended(0).printed(&[]);
        // Before a command as behind it.
        for global in [&["-q"][..], &["--quiet", "--color", "never"], &["--color=never", "-q"]] {
            let fmt = ["fmt", "good.spec"];
            run_in(folder.path(), &[global, &fmt].concat()).ended(0).printed(&[]);
        }
        assert_ne!(read(&folder, "a.md"), "mine");
        assert_eq!(names(folder.path()), ["a.md", "bad.spec", "good.spec"]);
    }

    #[test]
    fn an_input_is_never_overwritten() {
        let folder = folder();
        run_in(folder.path(), &["good.spec", "-o", "./good.spec", "--force", "--format", "md"])
            .ended(2)
            .told(&["is an input"]);
        assert_eq!(read(&folder, "good.spec"), GOOD);
    }

    #[cfg(unix)]
    #[test]
    fn only_plain_files_are_written_over() {
        let folder = folder();
        fs::write(folder.path().join("target"), "mine").unwrap();
        std::os::unix::fs::symlink("target", folder.path().join("link.md")).unwrap();
        for output in ["link.md", "/dev/full", "/dev/null"] {
            for force in [&[][..], &["--force"]] {
                let args = [&["good.spec", "--format", "md", "-o", output][..], force].concat();
                run_in(folder.path(), &args).ended(2).told(&[output]);
            }
        }
        assert_eq!(read(&folder, "target"), "mine");
        run_in(folder.path(), &["good.spec", "-o", "none/a.md"]).ended(2).told(&["none/a.md", "no such"]);
    }

    #[cfg(unix)]
    #[test]
    fn files_have_the_usual_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let folder = folder();
        run_in(folder.path(), &["good.spec", "-o", "a.md"]).ended(0);
        let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode("a.md"), mode("good.spec"));
    }

    #[test]
    fn a_folder_gets_one_file_for_each_problem() {
        let folder = folder();
        fs::create_dir(folder.path().join("other")).unwrap();
        fs::write(folder.path().join("other/good.spec"), GOOD).unwrap();
        fs::write(folder.path().join("my key.spec"), GOOD).unwrap();
        let specs = ["good.spec", "other/good.spec", "my key.spec"];
        run_in(folder.path(), &[&specs[..], &["-o", "keys/", "--format", "json", "-q"]].concat()).ended(0).printed(&[]);
        assert_eq!(names(&folder.path().join("keys")), ["good-2.json", "good.json", "my-key.json"]);
        run_in(folder.path(), &["good.spec", "-o", "keys", "--format", "tex"]).ended(0);
        assert!(folder.path().join("keys/good.tex").exists());
    }

    #[test]
    fn the_graph_alone_is_printed() {
        run(&["good.spec", "--only", "graph", "--format", "svg"]).ended(0).printed(&["<svg"]);
        run(&["good.spec", "--only", "graph", "--format", "dot"]).ended(0).printed(&["digraph"]);
        run(&["good.spec", "--only", "graph"]).ended(0).printed(&["```mermaid\n", "\n```\n"]);
        run(&["good.spec", "--only", "graph", "--format", "tikz"]).ended(0).printed(&["tikzpicture"]);
    }

    #[test]
    fn options_reach_the_document() {
        let folder = folder();
        let spec = "problem \"P\"\ngiven\n  x = [1 2 3; 4 5 6; 7 8 9]\nmodel\n  y = x*x\n  z = exp(0.01*y)\ntasks\n  compute y, z\n";
        fs::write(folder.path().join("m.spec"), spec).unwrap();
        let printed = |args: &[&str]| run_in(folder.path(), &[&["m.spec"], args].concat()).ended(0).printed(&[]).out;
        let plain = printed(&[]);
        assert!(!plain.contains("y_{32}") && printed(&["--explain", "y[3,2]"]).contains("y_{32}"));
        assert_ne!(printed(&["--digits", "7"]), plain);
        assert!(!printed(&["--format", "latex", "--fragment"]).contains("\\documentclass"));
        fs::write(folder.path().join("t.md"), "of mine: << id >>").unwrap();
        assert_eq!(printed(&["--template", "t.md"]).trim_end(), "of mine: P");
    }

    #[test]
    fn a_broken_template_is_the_users_own_fault() {
        let folder = folder();
        fs::write(folder.path().join("t.md"), "<< nothing.here").unwrap();
        run_in(folder.path(), &["good.spec", "--template", "t.md"]).ended(2).told(&["t.md", "solve templates"]);
    }

    #[test]
    fn the_data_of_templates_are_shown() {
        assert!(json(&run(&["templates"]).ended(0).printed(&[]).out).is_object());
        assert!(json(&run(&["templates", "good.spec"]).ended(0).printed(&[]).out).is_object());
        run(&["templates", "bad.spec"]).ended(1).told(&["bad.spec:5:9"]);
        run(&["templates", "--list"]).ended(0).printed(&["md\n", "latex\n"]);
        run(&["templates", "--show", "md"]).ended(0).printed(&["<%"]);
        run(&["templates", "--show", "svg"]).ended(2).told(&["--list"]);
    }
}

mod watch {
    use super::*;

    /// Killed when the test is over, however it ends.
    struct Watching(Child);

    impl Drop for Watching {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    /// Starts a watch, with its messages in the file `log`.
    fn watch(folder: &TempDir, args: &[&str]) -> Watching {
        let log = fs::File::create(folder.path().join("log")).unwrap();
        Watching(command(folder.path(), &[&["watch"], args].concat()).stderr(log).spawn().unwrap())
    }

    #[cfg(unix)]
    #[test]
    fn an_interrupt_ends_with_130() {
        let folder = folder();
        let mut watching = watch(&folder, &["bad.spec", "-o", "q.md"]);
        until("the start", || read(&folder, "log").contains("watching bad.spec"));
        assert_eq!(interrupt(&mut watching.0), Some(130));
        assert_eq!(names(folder.path()), ["bad.spec", "good.spec", "log"]);
    }

    #[test]
    fn errors_are_told_at_each_save() {
        let folder = folder();
        let _watching = watch(&folder, &["bad.spec", "-o", "q.md"]);
        until("the start", || read(&folder, "log").contains("watching bad.spec"));
        assert!(read(&folder, "log").contains("bad.spec:5:9"));
        fs::write(folder.path().join("bad.spec"), BAD.replace("zz", "yyy")).unwrap();
        until("the second error", || read(&folder, "log").contains("`yyy`"));
        fs::remove_file(folder.path().join("bad.spec")).unwrap();
        until("the missing file", || read(&folder, "log").contains("no such file"));
        fs::write(folder.path().join("new"), BAD.replace("zz", "qqq")).unwrap();
        fs::rename(folder.path().join("new"), folder.path().join("bad.spec")).unwrap();
        until("the third error", || read(&folder, "log").contains("`qqq`"));
    }

    #[test]
    fn a_missing_spec_is_no_watch() {
        run(&["watch", "none.spec", "-o", "q.md"]).ended(2).told(&["no such file"]);
    }

    #[test]
    fn the_document_follows_the_spec_and_outlives_errors() {
        let folder = folder();
        let _watching = watch(&folder, &["good.spec", "-o", "q.md"]);
        let document = || fs::read_to_string(folder.path().join("q.md")).unwrap_or_default();
        until("the first document", || document().contains('6'));
        until("the start", || read(&folder, "log").contains("watching good.spec"));
        fs::write(folder.path().join("good.spec"), GOOD.replace("x = 2", "x = 7")).unwrap();
        until("the second document", || document().contains("21"));
        let good = document();
        fs::write(folder.path().join("good.spec"), BAD).unwrap();
        until("the error", || read(&folder, "log").contains("`zz`"));
        assert_eq!(document(), good);
        fs::write(folder.path().join("good.spec"), GOOD.replace("x = 2", "x = 9")).unwrap();
        until("the third document", || document().contains("27"));
    }

    #[test]
    fn a_document_of_someone_else_is_not_replaced() {
        let folder = folder();
        fs::write(folder.path().join("good.md"), "mine").unwrap();
        run_in(folder.path(), &["watch", "good.spec"]).ended(2).told(&["exists already"]);
        assert_eq!(read(&folder, "good.md"), "mine");
    }
}

#[test]
fn tables_are_read_beside_the_problem_and_not_elsewhere() {
    let folder = TempDir::new().unwrap();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    fs::write(folder.path().join("out.csv"), "7\n8\n").unwrap();
    fs::write(inner.join("in.csv"), "x\n1\n2\n").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path().join("out.csv"), inner.join("link.csv")).unwrap();
    let run_with = |file: &str, more: &[&str]| {
        let spec = inner.join("q.spec");
        let text = format!("problem \"P\"\ngiven\n  data x from \"{file}\"\nmodel\n  s = sum(x)\ntasks\n  compute s\n");
        fs::write(&spec, text).unwrap();
        let arguments: Vec<&str> = ["q.spec", "--format", "text"].iter().chain(more).copied().collect();
        run_in(&inner, &arguments)
    };
    run_with("in.csv", &[]).ended(0).printed(&["s = 3"]);
    run_with("../out.csv", &[]).ended(2).told(&["E-outside", "--allow-outside"]);
    run_with("../out.csv", &["--allow-outside"]).ended(0).printed(&["s = 15"]);
    run_with("none.csv", &[]).ended(2).told(&["E-file", "none.csv"]);
    #[cfg(unix)]
    run_with("link.csv", &[]).ended(2).told(&["E-outside"]);
}
