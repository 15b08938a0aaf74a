//! `solve check` as its users meet it: formats, a class, hostile submissions, practice. Every case runs the real binary.

use crate::common::binary::{Ran, command, ended, interrupt, json, names, run_in, until};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use tempfile::TempDir;

const RIGHT: &str = "student \"Ada Lovelace\"
dW1 = X^T (((Y - X) W2^T + (C - Cgt) W3^T) .* 1[Z > 0])
db1 = colsum(((Y - X) W2^T + (C - Cgt) W3^T) .* 1[Z > 0])
dW2 = Z^T (Y - X)
db2 = colsum(Y - X)
dW3 = Z^T (C - Cgt)
db3 = colsum(C - Cgt)
";

/// A folder with question 1 and files in it.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::copy("problems/q1.spec", folder.path().join("q1.spec")).unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn wrong_sign() -> String {
    RIGHT.replace("dW2 = Z^T (Y - X)", "dW2 = Z^T (X - Y)").replace("Ada Lovelace", "Bob")
}

/// Twelve submissions: right, wrong, empty, unreadable and hostile ones.
fn class() -> TempDir {
    let deep = format!("dW2 = {}", "(".repeat(100_000));
    let noise: Vec<u8> = (0..4000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let named = |name: &str| RIGHT.replace("Ada Lovelace", name);
    let tall = format!("dW2 = {}1", "1+".repeat(50_000));
    let folder = folder(&[
        ("class/ada.ans", RIGHT.as_bytes()),
        ("class/bob/answers.ans", wrong_sign().as_bytes()),
        ("class/carl.ans", b"dW2 = Z^T (Y - X)\r\ndb2 = colsum(Y - X)\r\n"),
        ("class/deep.ans", deep.as_bytes()),
        ("class/empty.ans", b""),
        ("class/=cmd().ans", named("=HYPERLINK(1)").as_bytes()),
        ("class/<script>.ans", named("<script>alert(1)</script>").as_bytes()),
        ("class/large.ans", &vec![b'1'; 300_000]),
        ("class/noise.ans", &noise),
        ("class/tall.ans", tall.as_bytes()),
        ("class/unknown.ans", b"dW2 = Z^T (Yy - X)\nhello\n"),
    ]);
    link(Path::new("../q1.spec"), &folder.path().join("class/key.ans"));
    link(Path::new("."), &folder.path().join("class/bob/loop"));
    folder
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) {
    std::os::unix::fs::symlink(to, at).unwrap();
}

#[cfg(not(unix))]
fn link(_: &Path, at: &Path) {
    fs::write(at, b"\0").unwrap();
}

/// Submissions of [`class`]: its files and its two links.
const CLASS: usize = 13;

fn check(folder: &TempDir, args: &[&str]) -> Ran {
    run_in(folder.path(), &[&["check", "q1.spec"], args].concat())
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

mod formats {
    use super::*;

    #[test]
    fn a_right_submission_gets_full_marks_in_every_format() {
        let folder = folder(&[("ada.ans", RIGHT.as_bytes())]);
        for (format, parts) in [
            (
                "text",
                ["Ada Lovelace (ada.ans): 20 of 20 points", "dW1: right, 3.33 of 3.33", "Together: 20 of 20 points"],
            ),
            (
                "md",
                ["# Q1: Autoencoder", "## Ada Lovelace (`ada.ans`): 20 of 20 points", "**Together: 20 of 20 points"],
            ),
            ("html", ["default-src 'none'", "Ada Lovelace <small>ada.ans</small>", "20 of 20 points"]),
            ("csv", ["student,file,points,of,dW1,dW1 verdict,", "Ada Lovelace,ada.ans,20,20,3.3333,correct,", ",note"]),
            ("json", ["\"schema\": 1", "\"verdict\": \"correct\"", "\"points\": 20.0"]),
            ("gradescope", ["\"score\": 20.0", "\"max_score\": 3.34", "\"status\": \"passed\""]),
        ] {
            check(&folder, &["ada.ans", "--format", format]).ended(0).printed(&parts);
        }
        assert_eq!(check(&folder, &["ada.ans"]).out, check(&folder, &["ada.ans", "--format", "text"]).out);
    }

    #[test]
    fn json_is_the_contract() {
        let folder = folder(&[("ada.ans", RIGHT.as_bytes()), ("bob.ans", wrong_sign().as_bytes())]);
        let value = json(&check(&folder, &["ada.ans", "bob.ans", "--format", "json"]).ended(0).printed(&[]).out);
        assert_eq!(value["schema"], 1);
        assert_eq!(value["problem"]["id"], "Q1");
        assert_eq!(value["problem"]["points"], 30.0);
        let bob = &value["submissions"][1];
        assert_eq!((&bob["file"], &bob["student"], &bob["of"]), (&"bob.ans".into(), &"Bob".into(), &20.0.into()));
        let answer = &bob["answers"][2];
        assert_eq!(
            (&answer["name"], &answer["verdict"], &answer["mistake"]),
            (&"dW2".into(), &"partial".into(), &"sign".into())
        );
        assert!(answer["points"].as_f64().unwrap() < answer["of"].as_f64().unwrap());
        assert!(answer["feedback"][0].as_str().unwrap().contains("sign"), "{answer}");
        assert!(answer.get("correction").is_none() && answer.get("evidence").is_none());
        let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(bob), ["answers", "file", "for_a_person", "of", "open", "points", "student"]);
        assert_eq!(keys(answer), ["feedback", "mistake", "name", "of", "open", "points", "verdict"]);
    }

    #[test]
    fn hints_corrections_and_evidence_come_when_asked_for() {
        let folder = folder(&[("bob.ans", wrong_sign().as_bytes())]);
        let with = |option: &str| check(&folder, &["bob.ans", option]).ended(0).printed(&[]).out;
        let plain = with("--jobs=1");
        for (option, part) in [
            ("--hints", "Hint: follow the signs"),
            ("--solutions", "The right answer: Z^T * (Y - X)"),
            ("--explain", "seed "),
        ] {
            assert!(with(option).contains(part), "{option}");
            assert!(!plain.contains(part), "{option}");
        }
        let all = json(&check(&folder, &["bob.ans", "--format", "json", "--explain", "--solutions"]).out);
        let answer = &all["submissions"][0]["answers"][2];
        assert_eq!(answer["correction"], "Z^T * (Y - X)");
        let evidence = &answer["evidence"];
        assert_eq!(evidence["right"].as_f64().unwrap(), -evidence["found"].as_f64().unwrap());
    }

    #[test]
    fn the_ending_of_the_output_says_the_format() {
        let folder = folder(&[("ada.ans", RIGHT.as_bytes())]);
        for (file, format) in
            [("m.csv", "csv"), ("m.json", "json"), ("m.html", "html"), ("m.md", "md"), ("m.txt", "text")]
        {
            check(&folder, &["ada.ans", "-o", file]).ended(0).printed(&[]);
            assert_eq!(read(&folder, file), check(&folder, &["ada.ans", "--format", format]).out);
        }
        check(&folder, &["ada.ans", "-o", "m.xlsx"]).ended(2).told(&["`.xlsx`", "--format"]);
        check(&folder, &["ada.ans", "-o", "m.csv"]).ended(2).told(&["m.csv", "exists already", "--force"]);
        check(&folder, &["ada.ans", "-o", "m.csv", "--force"]).ended(0);
        check(&folder, &["ada.ans", "-o", "q1.spec", "--format", "text", "--force"]).ended(2).told(&["is an input"]);
    }

    #[test]
    fn a_folder_gets_a_report_for_each_a_summary_and_the_table() {
        let folder = folder(&[
            ("class/ada.ans", RIGHT.as_bytes()),
            ("class/ada.txt", RIGHT.as_bytes()),
            ("class/x/ada.ans", wrong_sign().as_bytes()),
            ("class/marks.ans", b""),
        ]);
        check(&folder, &["class", "-o", "out/", "--format", "html"]).ended(0).printed(&[]);
        let expected = ["ada-2.html", "ada.html", "marks-2.html", "marks.csv", "summary.html", "x-ada.html"];
        assert_eq!(names(&folder.path().join("out")), expected);
        assert!(read(&folder, "out/summary.html").contains("<svg") && read(&folder, "out/x-ada.html").contains("Bob"));
        assert_eq!(read(&folder, "out/marks.csv"), check(&folder, &["class", "--format", "csv"]).out);
        check(&folder, &["class", "-o", "out/"]).ended(2).told(&["marks.csv", "exists already"]);
        check(&folder, &["class", "-o", "md/"]).ended(0);
        assert!(names(&folder.path().join("md")).contains(&"summary-points.svg".to_string()));
    }

    #[test]
    fn gradescope_takes_one_submission() {
        let folder = folder(&[("ada.ans", RIGHT.as_bytes()), ("bob.ans", wrong_sign().as_bytes())]);
        check(&folder, &["ada.ans", "bob.ans", "--format", "gradescope"]).ended(2).told(&["one submission"]);
        check(&folder, &["ada.ans", "bob.ans", "--format", "gradescope", "-o", "g/"]).ended(0);
        let value = json(&read(&folder, "g/bob.json"));
        assert_eq!(value["tests"][2]["status"], "failed");
        // Only what Gradescope documents; when it is shown is the assignment's matter.
        assert!(["max_score", "visibility"].iter().all(|key| value.get(key).is_none()), "{value}");
        let total: f64 = value["tests"].as_array().unwrap().iter().map(|test| test["score"].as_f64().unwrap()).sum();
        assert_eq!(value["score"].as_f64().unwrap(), (total * 100.0).round() / 100.0);
        let shown = ["ada.ans", "--format", "gradescope", "--visibility", "after_published"];
        assert_eq!(json(&check(&folder, &shown).ended(0).out)["visibility"], "after_published");
    }

    #[test]
    fn the_summary_counts() {
        let folder = class();
        let ran = check(&folder, &["class", "--summary"]);
        assert!(ran.out.contains("Summary of the class") && ran.out.contains("not marked"), "{}", ran.out);
        let ran = check(&folder, &["class", "--summary", "-o", "m.csv"]);
        assert!(ran.out.contains("Summary of the class"), "the file has the table, standard output the summary");
        check(&folder, &["class", "--summary", "-o", "m.md"]);
        assert!(read(&folder, "m.md").contains("](m-points.svg)") && read(&folder, "m-points.svg").starts_with("<svg"));
        let value = json(&check(&folder, &["class", "--summary", "--format", "json"]).out);
        let (marked, not_marked) = (value["summary"]["marked"].as_u64(), value["summary"]["not_marked"].as_u64());
        assert_eq!(marked.unwrap() + not_marked.unwrap(), CLASS as u64);
    }
}

mod runs {
    use super::*;

    #[test]
    fn wrong_answers_are_results() {
        let folder = folder(&[("ada.ans", RIGHT.as_bytes()), ("bob.ans", wrong_sign().as_bytes())]);
        check(&folder, &["bob.ans"]).ended(0);
        check(&folder, &["bob.ans", "--strict"]).ended(1);
        check(&folder, &["ada.ans", "--strict"]).ended(0);
    }

    #[test]
    fn the_bytes_are_the_same_each_time_and_with_any_number_of_threads() {
        let folder = class();
        for format in ["text", "md", "html", "csv", "json"] {
            let run = |jobs: &str| check(&folder, &["class", "--summary", "--format", format, "--jobs", jobs]).ended(2);
            let once = run("1");
            for jobs in ["1", "2", "16"] {
                let again = run(jobs);
                assert_eq!(again.out, once.out, "{format} {jobs}");
                assert_eq!(again.err, once.err, "{format} {jobs}");
            }
        }
    }

    #[test]
    fn one_that_cannot_be_used_spoils_no_other() {
        let folder = class();
        let ran = check(&folder, &["class", "--format", "csv"]).ended(2);
        let rows: Vec<&str> = ran.out.lines().collect();
        assert_eq!(rows.len(), 1 + CLASS, "{}", ran.out);
        let row = |name: &str| *rows.iter().find(|row| row.contains(name)).unwrap_or_else(|| panic!("{name}"));
        assert!(row("class/ada.ans").starts_with("Ada Lovelace,class/ada.ans,20,20,"));
        assert!(row("class/carl.ans").starts_with(",class/carl.ans,6.6667,20,"));
        assert!(row("class/empty.ans").starts_with(",class/empty.ans,0,20,0,missing,"));
        assert!(row("class/deep.ans").starts_with(",class/deep.ans,0,20,"));
        for (name, reason) in [
            ("class/large.ans", "262144 bytes"),
            ("class/noise.ans", "not marked: "),
            ("class/key.ans", "symbolic link"),
            ("class/bob/loop", "symbolic link"),
        ] {
            assert!(row(name).starts_with(&format!(",{name},,20,,not marked,")), "{}", row(name));
            assert!(row(name).contains(reason) && ran.err.contains(name), "{}", row(name));
        }
        let value = json(&check(&folder, &["class/noise.ans", "--format", "json"]).ended(1).out);
        assert_eq!(value["submissions"][0]["answers"][5]["verdict"], "unreadable");
        check(&folder, &["class/ada.ans", "none.ans"]).ended(2);
        let ran = check(&folder, &["none.ans", "class/ada.ans"]).ended(2);
        assert!(ran.err.contains("no such file") && ran.out.contains("20 of 20 points"));
    }

    #[test]
    fn nothing_that_a_student_wrote_runs() {
        let folder = class();
        let html = check(&folder, &["class", "--format", "html"]).ended(2).out;
        assert!(!html.contains("<script") && html.contains("&lt;script&gt;alert(1)"));
        let csv = check(&folder, &["class", "--format", "csv"]).ended(2).out;
        let begins_a_formula = |cell: &str| {
            cell.starts_with(['+', '-', '@']) && cell.parse::<f64>().is_err()
                || cell.trim_start_matches('"').starts_with('=')
        };
        let cells: Vec<&str> = csv.lines().flat_map(|line| line.split(',')).collect();
        assert!(!cells.iter().any(|cell| begins_a_formula(cell)), "{csv}");
        assert!(csv.contains("'=HYPERLINK"));
        check(&folder, &["class", "-o", "out/"]).ended(2);
        assert!(
            names(&folder.path().join("out"))
                .iter()
                .all(|name| name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c)))
        );
        assert_eq!(names(folder.path()), ["class", "out", "q1.spec"]);
    }

    #[test]
    fn the_problem_and_the_output_are_no_submissions() {
        let folder = folder(&[("ada.ans", RIGHT.as_bytes())]);
        for _ in 0..2 {
            check(&folder, &[".", "-o", "marks.csv", "--force"]).ended(0).printed(&[]);
            assert_eq!(read(&folder, "marks.csv").lines().count(), 2);
        }
    }

    #[test]
    fn no_submission_is_written_over_and_no_output_is_marked() {
        let folder = folder(&[("class/ada.md", RIGHT.as_bytes()), ("class/bob.ans", wrong_sign().as_bytes())]);
        check(&folder, &["class/", "-o", "class/", "--force"]).ended(2);
        assert_eq!(read(&folder, "class/ada.md"), RIGHT);
        check(&folder, &["class/*.md", "-o", "class/", "--force"]).ended(2);
        assert_eq!(read(&folder, "class/ada.md"), RIGHT);
        check(&folder, &["class/", "-o", "marks.csv"]).ended(0);
        for (output, format) in [
            ("class/reports/", "html"),
            ("class/a.csv", "csv"),
            ("class/b.json", "json"),
            ("class/c.html", "html"),
            ("class/d.md", "md"),
            ("class/e.txt", "text"),
        ] {
            check(&folder, &["class/", "-o", output, "--format", format]).ended(0);
            check(&folder, &["class/", "-o", "again.csv", "--force"]).ended(0).told(&["left out"]);
            assert_eq!(read(&folder, "again.csv"), read(&folder, "marks.csv"), "{output}");
        }
        link(&folder.path().join("class/reports"), &folder.path().join("link"));
        check(&folder, &["class/bob.ans", "-o", "link/", "--force"]).ended(2).told(&["symbolic link"]);
    }

    #[test]
    fn who_handed_in_what_is_known_by_names_of_course_systems_and_the_class_list() {
        let right = RIGHT.replace("student \"Ada Lovelace\"\n", "Name: ada lovelace\nStudent ID: 4\n");
        let folder = folder(&[
            ("class/Byron Bob_18_assignsubmission_file_/a.ans", b"dW2 = Z^T (Y - X)"),
            ("class/Byron Bob_18_assignsubmission_file_/b.ans", b"db2 = colsum(Y - X)"),
            ("class/Byron Bob_18_assignsubmission_file_/c.pdf", b"%PDF-1.4"),
            ("class/x.ans", right.as_bytes()),
            ("class/y.ans", right.as_bytes()),
            ("roster.csv", b"id,name,email\n4,\"Lovelace, Ada\",ada@x.org\n18,Bob Byron,b@x.org\n5,Zoe,z@x.org\n"),
            ("scan/scan.pdf", b"%PDF-1.4"),
            ("empty/.keep", b""),
        ]);
        let ran = check(&folder, &["class/", "--format", "csv", "--roster", "roster.csv"]).ended(0);
        let begins: Vec<&str> = ran.out.lines().skip(1).collect();
        assert!(begins[0].starts_with("Bob Byron,class/Byron Bob_18_assignsubmission_file_,6.6667,20,"), "{}", ran.out);
        assert!(begins[1].starts_with("\"Lovelace, Ada\",class/x.ans,20,20,"), "{}", ran.out);
        assert!(begins[3].starts_with("Zoe,,,20,") && begins[3].contains("nothing was handed in"), "{}", ran.out);
        for told in ["c.pdf", "is there twice", "nothing was handed in by Zoe"] {
            assert!(ran.err.contains(told), "{}", ran.err);
        }
        check(&folder, &["scan/", "-o", "s.csv"]).ended(1).told(&["a PDF", "hand in"]);
        assert!(check(&folder, &["empty/", "--format", "csv"]).ended(2).err.contains("no submission"));
    }

    #[test]
    fn what_is_no_text_is_told() {
        let utf_16: Vec<u8> = "\u{feff}dW2 = 1".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let folder = folder(&[
            ("utf16.ans", &utf_16),
            ("latin.ans", b"student \"M\xfcller\""),
            ("bom.ans", b"\xef\xbb\xbfdb2 = colsum(Y - X)\r\n"),
        ]);
        assert!(check(&folder, &["utf16.ans"]).ended(1).err.contains("UTF-8"));
        assert!(check(&folder, &["latin.ans"]).ended(1).err.contains("UTF-8"));
        check(&folder, &["bom.ans"]).ended(0).printed(&["db2: right"]);
        #[cfg(unix)]
        assert!(check(&folder, &["/dev/zero"]).ended(1).err.contains("262144 bytes"));
    }

    #[test]
    fn the_language_of_the_machine_changes_nothing() {
        let folder = class();
        let args = ["check", "q1.spec", "class", "--format", "md", "--summary"];
        let expected = run_in(folder.path(), &args).ended(2);
        for (variable, value) in [("LC_ALL", "C"), ("LC_ALL", "tr_TR.UTF-8"), ("COLUMNS", "20"), ("TERM", "dumb")] {
            let ran = ended(command(folder.path(), &args).env(variable, value).spawn().unwrap());
            assert_eq!((ran.out, ran.err), (expected.out.clone(), expected.err.clone()), "{variable}={value}");
        }
    }

    #[test]
    fn patterns_and_standard_input_are_read() {
        let folder = folder(&[("a.ans", RIGHT.as_bytes()), ("b.ans", wrong_sign().as_bytes()), ("c.md", b"")]);
        let ran = check(&folder, &["*.ans", "--format", "csv"]).ended(0);
        assert_eq!(ran.out.lines().count(), 3);
        check(&folder, &["*.xyz"]).ended(2);
        let mut child = command(folder.path(), &["check", "q1.spec", "-"]).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(RIGHT.as_bytes()).unwrap();
        ended(child).ended(0).printed(&["(<stdin>): 20 of 20 points"]);
        check(&folder, &["-", "-"]).ended(2).told(&["standard input"]);
    }

    #[test]
    fn a_table_has_a_row_a_student() {
        let table = "student,dW2,db2,comment\n\"Lovelace, Ada\",Z^T (Y - X),colsum(Y - X),hard\n=cmd(),$Z^\\top (X - Y)$,\n\"\",,\n";
        let folder = folder(&[
            ("class.csv", table.as_bytes()),
            ("latin.csv", b"student,dW2\nM\xfcller,1\n"),
            ("none.csv", b"a,b\n1,2\n"),
        ]);
        let ran = check(&folder, &["class.csv", "--format", "csv"]).ended(0);
        let rows: Vec<&str> = ran.out.lines().collect();
        assert!(
            rows[1].starts_with(
                "\"Lovelace, Ada\",class.csv:2,6.6667,20,0,missing,0,missing,3.3333,correct,3.3333,correct,"
            )
        );
        assert!(
            rows[2].starts_with("'=cmd(),class.csv:3,1.6667,20,0,missing,0,missing,1.6667,partial,"),
            "{}",
            rows[2]
        );
        let ran = check(&folder, &["latin.csv", "--format", "csv"]).ended(1);
        assert!(ran.err.contains("latin.csv:2") && ran.out.contains("not marked"), "{}", ran.err);
        assert!(check(&folder, &["none.csv"]).ended(1).err.contains("none.csv"));
    }

    #[test]
    fn latex_markdown_json_and_notebooks_are_read() {
        let latex = b"\\section{Homework}\nWe find $\\frac{\\partial L}{\\partial W_2} = Z^\\top (Y - X)$.\n";
        let markdown = b"# Homework\n\n$$\\delta W_2 = Z^\\top (Y - X)$$\n";
        let json = b"{\"student\": \"Ada\", \"answers\": {\"dW2\": \"Z^T (Y - X)\"}}";
        let notebook = b"{\"cells\": [{\"cell_type\": \"markdown\", \"metadata\": {}, \"source\": [\"$\\\\delta W_2 = Z^\\\\top (Y - X)$\"]}], \"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}}";
        let folder = folder(&[("a.tex", latex), ("b.md", markdown), ("c.json", json), ("d.ipynb", notebook)]);
        for file in ["a.tex", "b.md", "c.json", "d.ipynb"] {
            check(&folder, &[file]).ended(0).printed(&["dW2: right, 3.33 of 3.33"]);
        }
    }

    #[test]
    fn a_problem_that_cannot_be_used_is_told() {
        let folder = folder(&[
            ("bad.spec", b"problem \"P\"\ngiven\n  x = 2\nmodel\n  y = 3*zz\ntasks\n  compute y\n"),
            ("a.ans", b"y = 6"),
        ]);
        run_in(folder.path(), &["check", "bad.spec", "a.ans"]).ended(1).told(&["bad.spec:5:9", "`zz`"]);
        let ran = run_in(folder.path(), &["check", "bad.spec", "a.ans", "--format", "json"]).ended(1);
        assert_eq!(json(&ran.out)["errors"][0]["line"], 5);
        fs::write(
            folder.path().join("drawn.spec"),
            "problem \"P\"\ngiven\n  x = 2\nmodel\n  y = 3*x\ntasks\n  draw graph\n",
        )
        .unwrap();
        run_in(folder.path(), &["check", "drawn.spec", "a.ans"]).ended(1).told(&["E-nothing-asked"]);
        run_in(folder.path(), &["check", "none.spec", "a.ans"]).ended(2).told(&["no such file"]);
        run_in(folder.path(), &["check", "q1.spec", "-o", "m.csv"]).ended(2).told(&["submissions"]);
        assert!(run_in(folder.path(), &["chek", "q1.spec"]).ended(2).err.contains("solve check"));
    }

    #[test]
    fn a_closed_pipe_is_a_quiet_end() {
        let folder = class();
        let mut child =
            command(folder.path(), &["check", "q1.spec", "class/ada.ans", "class/carl.ans"]).spawn().unwrap();
        drop(child.stdout.take());
        ended(child).ended(0).told(&[]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told() {
        let folder = class();
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let child = command(folder.path(), &["check", "q1.spec", "class/ada.ans"]).stdout(full).spawn().unwrap();
        ended(child).ended(2).told(&["no space left"]);
    }

    /// A pipe into which no one writes holds the run up, so that it can be interrupted in its midst.
    #[cfg(unix)]
    #[test]
    fn an_interrupt_keeps_what_is_finished() {
        let folder = folder(&[("ada.ans", RIGHT.as_bytes()), ("z.ans", RIGHT.as_bytes())]);
        let made = std::process::Command::new("mkfifo").arg(folder.path().join("pipe.ans")).status().unwrap();
        assert!(made.success());
        for output in ["marks.csv", "marks.json"] {
            let args = ["check", "q1.spec", "ada.ans", "pipe.ans", "z.ans", "--jobs", "1", "-o", output];
            let mut child = command(folder.path(), &args).spawn().unwrap();
            let unfinished = || {
                let found = names(folder.path()).into_iter().find(|name| name.starts_with(".solve-"));
                found.and_then(|name| fs::read_to_string(folder.path().join(name)).ok()).unwrap_or_default()
            };
            until("the first mark", || unfinished().contains("ada.ans"));
            assert_eq!(interrupt(&mut child), Some(130));
            let marks = read(&folder, output);
            match output {
                "marks.csv" => assert!(marks.lines().count() == 3 && marks.contains("this is a part"), "{marks}"),
                _ => {
                    assert_eq!(json(&marks)["submissions"].as_array().unwrap().len(), 1);
                    assert_eq!(json(&marks)["part"], true);
                }
            }
            assert!(!names(folder.path()).iter().any(|name| name.starts_with(".solve-")));
        }
        // A complete output stays as it is.
        fs::write(folder.path().join("old.csv"), "complete").unwrap();
        let args = ["check", "q1.spec", "ada.ans", "pipe.ans", "--jobs", "1", "-o", "old.csv", "--force"];
        let mut child = command(folder.path(), &args).spawn().unwrap();
        let marked = || fs::read_to_string(folder.path().join("old.csv.part")).unwrap_or_default().contains("ada.ans");
        until("the first mark", marked);
        assert_eq!(interrupt(&mut child), Some(130));
        assert_eq!(read(&folder, "old.csv"), "complete");
        // A run goes on from the part.
        fs::remove_file(folder.path().join("pipe.ans")).unwrap();
        fs::write(folder.path().join("pipe.ans"), RIGHT).unwrap();
        check(&folder, &["ada.ans", "pipe.ans", "z.ans", "-o", "marks.csv", "--resume"]).ended(0);
        check(&folder, &["ada.ans", "pipe.ans", "z.ans", "-o", "whole.csv"]).ended(0);
        assert_eq!(read(&folder, "marks.csv"), read(&folder, "whole.csv"));
        assert!(!names(folder.path()).contains(&"marks.csv.part".to_string()));
        check(&folder, &["ada.ans", "-o", "old.csv", "--resume", "--strict"]).ended(2).told(&["other options"]);
    }
}

mod practice {
    use super::*;

    fn practise(args: &[&str], input: &str) -> Ran {
        let folder = folder(&[]);
        let mut child = command(folder.path(), &[&["check"], args].concat()).stdin(Stdio::piped()).spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        ended(child)
    }

    #[test]
    fn answers_are_asked_for_one_at_a_time() {
        let input = "skip\nskip\nhint\nZ^T (X - Y)\nhint\ndW2 = Z^T (Y - X)\ncolsum(\nY - X)\nshow\nquit\n";
        let ran = practise(&["q1.spec"], input).ended(0).printed(&[
            "(1 of 6) dW1",
            "(3 of 6) dW2",
            "The sign is reversed.",
            "Hint: follow the signs",
            "dW2: right, 3.33 of 3.33",
            "db2: right, 3.33 of 3.33",
            "The right answer: Z^T * (C - Cgt)",
            "Together: 6.67 of 20 points",
        ]);
        assert!(!ran.out.contains("> "), "a pipe gets no prompt");
        assert!(ran.out.matches("Hint").count() >= 3);
        practise(&["q1.spec", "--strict"], input).ended(1);
    }

    /// What was said stands at the end, though the next answer is in forms of matrices.
    #[test]
    fn scalar_form_is_worth_at_the_end_what_it_was_worth_when_it_was_given() {
        let scalar = "dW2: right in scalar form, 2.5 of 3.33";
        practise(&["q1.spec"], "skip\nskip\n(Y - X) Z\nquit\n")
            .ended(0)
            .printed(&[scalar, "Together: 2.5 of 20 points"]);
        let both = "skip\nskip\n(Y - X) Z\ncolsum(Y - X)\nquit\n";
        practise(&["q1.spec"], both).ended(0).printed(&[scalar, "Together: 5.83 of 20 points"]);
    }

    #[test]
    fn it_ends_where_the_input_does() {
        practise(&["q1.spec"], "").ended(0).printed(&["Together: 0 of 20 points"]);
        practise(&["q1.spec"], "skip\n[1 2;").ended(0).printed(&["Together: "]);
        practise(&["q1.spec"], &"(".repeat(300_000)).ended(0).printed(&["Together: "]);
        let q3 = std::env::current_dir().unwrap().join("problems/q3.spec");
        practise(&[q3.to_str().unwrap()], "[ 1 -1 -3 -2\n3 1 -12 -20 ]\nskip\nskip\n").ended(0).printed(&["J: right"]);
    }

    #[test]
    fn commands_and_noise_are_no_answers() {
        let ran = practise(&["q1.spec"], "\n\n\u{1b}[31m<script>\nfoo bar\nQUIT\n").ended(0);
        assert!(!ran.out.contains('\u{1b}') && ran.out.contains("Together: 0 of 20 points"), "{}", ran.out);
    }
}

mod for_a_person {
    use super::*;

    #[test]
    fn points_by_hand_come_into_every_output() {
        let table = "student,question,points,remark\nAda Lovelace,task 1,8,an edge is missing\n\
                     Bob,dW2,3,nearly\nNobody,dW2,1,\nBob,dW9,1,\n";
        let folder = folder(&[
            ("class/ada.ans", RIGHT.as_bytes()),
            ("class/bob.ans", wrong_sign().as_bytes()),
            ("hand.csv", table.as_bytes()),
        ]);
        // A row that is nobody's, and one for nothing that is asked, are told.
        check(&folder, &["class/", "--by-hand", "hand.csv", "-o", "marks.csv"])
            .ended(1)
            .told(&["line 4: no submission is of `nobody`", "line 5: nothing that is asked is called `dW9`"]);
        let rows = read(&folder, "marks.csv");
        let row = |name: &str| rows.lines().find(|row| row.starts_with(name)).unwrap().to_string();
        assert!(row("Ada").starts_with("Ada Lovelace,class/ada.ans,28,30,"), "{rows}");
        assert!(row("Ada").ends_with(",,0"), "{rows}");
        assert!(row("Bob").contains(",3,") && row("Bob").ends_with(",open: task 1 (10),10"), "{rows}");
        let report = check(&folder, &["class/", "--by-hand", "hand.csv", "--format", "md"]).ended(1);
        assert!(report.out.contains("nearly"), "{}", report.out);
    }

    /// What takes too much work stays open, and the rest of the sheet has its marks.
    #[test]
    fn an_answer_over_its_budget_is_open_and_the_others_are_marked() {
        let row = vec!["7"; 250].join(" ");
        let matrix = vec![row.as_str(); 250].join("; ");
        let bomb = format!("M = [{matrix}]\ndW2 = W2*trace({}M)\ndb2 = colsum(Y - X)\n", "M*".repeat(200));
        let folder = folder(&[("class/bo.ans", bomb.as_bytes())]);
        let ran = check(&folder, &["class/", "--format", "json", "--summary"]).ended(1);
        assert!(ran.err.contains("too much work"), "{}", ran.err);
        let marks = json(&ran.out);
        let answers = marks["submissions"][0]["answers"].as_array().unwrap();
        let verdict = |name: &str| &answers.iter().find(|answer| answer["name"] == name).unwrap()["verdict"];
        assert_eq!([verdict("dW2"), verdict("db2")], ["unreadable", "correct"]);
        assert!(marks["submissions"][0].to_string().contains("too-much-work"), "{marks}");
        assert_eq!((&marks["summary"]["open"], &marks["summary"]["with_open"]), (&13.3333.into(), &1.into()));
    }
}

#[test]
fn commands_of_files_beside_a_submission_are_known_there() {
    let folder = folder(&[
        ("hand/main.tex", b"\\input{macros}\n\\[ \\pd{L}{\\second} = Z^T (Y - X) \\]\n"),
        (
            "hand/macros.tex",
            b"\\newcommand{\\pd}[2]{\\frac{\\partial #1}{\\partial #2}}\n\\newcommand{\\second}{W_2}\n",
        ),
        ("outside.tex", b"\\newcommand{\\pd}[2]{\\frac{\\partial #1}{\\partial #2}}\n\\newcommand{\\second}{W_2}\n"),
        ("hand/other.tex", b"\\input{../outside}\n\\[ \\pd{L}{\\second} = Z^T (Y - X) \\]\n"),
    ]);
    let verdict = |file: &str| {
        let marks = json(&check(&folder, &[file, "--format", "json"]).out);
        marks["submissions"][0]["answers"][2]["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict("hand/main.tex"), "correct");
    assert_ne!(verdict("hand/other.tex"), "correct");
}
