//! Descents against an independent library, exact minima against exact fractions, and what is senseless.

use crate::common;

use serde_json::Value;
use solve::answer::{Section, Solution};
use solve::descend::{End, Path};
use solve::number::Number;
use solve::render::document::{Edition, Format, Layout};
use solve::render::template_data;
use solve::tensor::Tensor;
use std::time::{Duration, Instant};

fn figures() -> Value {
    serde_json::from_str(&std::fs::read_to_string("tests/figures/optimizers.json").unwrap()).unwrap()
}

fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(parts) => parts.iter().flat_map(flat).collect(),
        Value::String(text) => match text.split_once('/') {
            Some((over, under)) => vec![over.parse::<f64>().unwrap() / under.parse::<f64>().unwrap()],
            None => vec![text.parse().unwrap()],
        },
        number => vec![number.as_f64().unwrap()],
    }
}

/// A value as the problem language writes it.
fn written(value: &Value) -> String {
    let row = |row: &Value| match row {
        Value::Array(entries) => entries.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        number => number.to_string(),
    };
    match value {
        Value::Array(rows) => format!("[{}]", rows.iter().map(row).collect::<Vec<_>>().join("; ")),
        number => number.to_string(),
    }
}

fn path(solution: &Solution) -> &Path {
    let found = solution.sections.iter().find_map(|section| match section {
        Section::Descent(result) => Some(&result.path),
        _ => None,
    });
    found.expect("a descent")
}

fn entries(values: &[Tensor<Number>]) -> Vec<f64> {
    values.iter().flat_map(Tensor::entries).map(Number::to_f64).collect()
}

/// A problem of the figures with its values and this task.
fn problem(of: &Value, task: &str) -> String {
    let mut text = String::new();
    for line in of["spec"].as_str().unwrap().lines() {
        match line.trim().split(' ').next() {
            Some("tasks") => break,
            Some("dim") => {}
            Some(kind @ ("input" | "target")) => {
                for declared in line.trim()[kind.len()..].split(',') {
                    let name = declared.split(':').next().unwrap().trim();
                    text += &format!("  {kind} {name} = {}\n", written(&of["values"][name]));
                }
            }
            Some("param") => {
                let sized = line.replace(": D", ": 2");
                text += &format!("{sized}\n");
            }
            _ => text += &format!("{line}\n"),
        }
    }
    format!("{text}tasks\n  {task}\n")
}

#[test]
fn every_run_of_the_library_is_met() {
    let figures = figures();
    let mut runs = 0;
    for run in figures["runs"].as_array().unwrap() {
        let name = run["problem"].as_str().unwrap();
        let of = figures["problems"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
        let starts: Vec<(String, &Value)> =
            of["start"].as_object().unwrap().iter().map(|(name, value)| (name.clone(), value)).collect();
        let from: Vec<String> = starts.iter().map(|(name, value)| format!("{name} from {}", written(value))).collect();
        let options = &run["hyperparameters"];
        let method = match run["method"].as_str().unwrap() {
            "gd" => String::new(),
            "adam" => format!("adam {} {} {}", options["beta1"], options["beta2"], options["eps"]),
            "rmsprop" => format!("rmsprop {} {}", options["decay"], options["eps"]),
            other => format!("{other} {}", options["beta"]),
        };
        let decay = run["weight_decay"].as_f64().filter(|decay| *decay > 0.0);
        let decay = decay.map_or(String::new(), |decay| format!("decay {decay}"));
        for steps in [1, 2, 5, 9, 10, 20] {
            let task = format!("descend {} rate {} {method} {decay} for {steps} steps", from.join(", "), run["rate"]);
            let solution =
                common::solve_text(&problem(of, task.trim())).unwrap_or_else(|error| panic!("{task}: {error}"));
            let path = path(&solution);
            for row in path.rows.iter() {
                let found = entries(&row.params);
                let known: Vec<f64> =
                    starts.iter().flat_map(|(name, _)| flat(&run["iterates"][name][row.step])).collect();
                let size = known.iter().fold(0.0_f64, |size, entry| size.max(entry.abs()));
                for (own, other) in found.iter().zip(&known) {
                    assert!((own - other).abs() <= 1e-12 * size, "{name} {task}, step {}: {own} {other}", row.step);
                }
                assert_eq!(found.len(), known.len());
                let (loss, known) = (row.loss.as_ref().unwrap().to_f64(), run["losses"][row.step].as_f64().unwrap());
                assert!((loss - known).abs() <= 1e-12 * known.abs() + 1e-13 * run["losses"][0].as_f64().unwrap());
            }
            assert_eq!(path.rows.last().unwrap().step, steps);
        }
        runs += 1;
    }
    assert!(runs >= 30, "{runs}");
}

#[test]
fn the_tutorials_descent_takes_ten_steps_and_begins_exactly() {
    let solution = common::solve_file(std::path::Path::new("problems/learning/gravity.spec"));
    let path = path(&solution);
    let shown: Vec<String> = path.rows[..4].iter().map(|row| row.params[0].first().to_string()).collect();
    assert_eq!(shown, ["8", "9.3419", "9.68341355", "9.770328748475"]);
    assert_eq!((path.end, path.rows.last().unwrap().step), (End::Reached, 10));
    assert_eq!(path.rows[0].gradients.as_ref().unwrap()[0].first().to_string(), "-447.3");
    assert_eq!(path.rows[0].loss.as_ref().unwrap().to_string(), "402.57");
    let Some(Section::Descent(result)) =
        solution.sections.iter().find(|section| matches!(section, Section::Descent(_)))
    else {
        panic!("no descent")
    };
    let quadratic = result.quadratic.as_ref().unwrap();
    assert_eq!(quadratic.hessian.first().to_string(), "248.5");
    assert_eq!(quadratic.minimum.as_ref().unwrap()[0].first().to_string(), "9.8");
    assert_eq!(quadratic.factor(&Number::parse("0.003").unwrap()).unwrap().to_string(), "0.2545");
}

/// The tutorial rounds this one to 359.
#[test]
fn the_tutorials_loss_on_the_other_side_of_the_minimum() {
    let text = std::fs::read_to_string("problems/learning/gravity.spec").unwrap();
    let solution = common::solve_text(&text.replace("compute L at a = 8, 9, 10", "compute L at a = 11.5")).unwrap();
    let loss = solution.answers[0].value.as_ref().unwrap().first();
    assert_eq!(*loss, Number::parse("359.0825").unwrap());
}

/// The rows that the answer key made by hand has for its marker.
#[test]
fn a_marker_is_told_the_wrong_numbers_and_where_they_lead() {
    let solution = common::solve_file(std::path::Path::new("problems/learning/gravity.spec"));
    let layout = Layout {
        format: Format::Text,
        edition: Edition::Instructor,
        fragment: false,
        picture_stem: None,
        template: None,
    };
    let told = serde_json::to_value(template_data(&solution, &layout)).unwrap();
    let rows = told["marking"].as_array().unwrap();
    let row = |seen: &str| rows.iter().find(|row| row["seen"] == seen).unwrap_or_else(|| panic!("{seen}: {rows:#?}"));
    for (seen, mistake, first, steps) in [
        ("∂L/∂a = 447.3", "sign", "a(1) = 6.6581", None),
        ("∂L/∂a = −223.65", "factor-left-out", "a(1) = 8.67095", Some(27)),
        ("∂L/∂a = −149.1", "mean-for-sum", "a(1) = 8.4473", Some(42)),
    ] {
        let row = row(seen);
        assert_eq!(row["mistake"], mistake);
        assert_eq!((&row["then"]["first"][0], row["then"]["steps"].as_u64()), (&Value::from(first), steps));
    }
    assert_eq!(row("a(1) = 6.6581")["mistake"], "uphill-step");
    let two = common::solve_file(std::path::Path::new("problems/learning/two_parameters.spec"));
    let told = serde_json::to_value(template_data(&two, &layout)).unwrap();
    let rows = told["marking"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["seen"] == "a(1) = 1.6045, b(1) = 0.455"), "{rows:#?}");
}

#[test]
fn least_squares_and_ridge_are_exact() {
    let mut compared = 0;
    for set in figures()["least_squares"].as_array().unwrap() {
        let (x, y) = (written(&set["X"]), written(&set["y"]));
        if flat(&set["y"]).len() > set["y"].as_array().unwrap().len() {
            continue;
        }
        let width = set["X"][0].as_array().unwrap().len();
        for ridge in set["ridge"].as_array().unwrap() {
            let text = format!(
                "problem \"R\"\ngiven\n  X = {x}\n  y = {y}\n  param w: {width}\nmodel\n  L = sum((X*w - y)^2) + {}*sum(w^2)\ntasks\n  minimize L over w\n",
                ridge["lambda"]
            );
            let solution = common::solve_text(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
            let found = solution.answers[0].value.as_ref().unwrap();
            assert!(found.is_exact());
            let known: Vec<Number> = ridge["w"].as_array().unwrap().iter().map(|row| fraction(&row[0])).collect();
            assert_eq!(found.entries().cloned().collect::<Vec<_>>(), known);
            compared += 1;
        }
    }
    assert!(compared >= 9, "{compared}");
}

/// The same least squares, however they are written: figures from the normal equations by hand.
#[test]
fn a_quadratic_is_one_however_it_is_written() {
    let solved = |given: &str, model: &str, over: &str| {
        let text = format!("problem \"Q\"\ngiven\n  {given}\nmodel\n  {model}\ntasks\n  minimize L over {over}\n");
        let solution = common::solve_text(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let entries = solution.answers.iter().flat_map(|answer| answer.value.as_ref().unwrap().entries());
        entries.cloned().collect::<Vec<Number>>()
    };
    let (table, best) = ("X = [1 2; 3 4; 5 7]\n  t = [1; 2; 4]\n  param w: 2", [(1, 14), (1, 2)]);
    for model in [
        "L = sum((X*w - t)^2)",
        "L = norm(X*w - t)^2",
        "r = X*w - t\n  n = norm(r)\n  L = n^2/2",
        "n = norm(X*w - t)\n  L = n*n",
        "L = norm(X*w - t)*norm(X*w - t)",
        "L = sum(norm(X*w - t, axis = 1)^2)",
        "r = X*w - t\n  L = trace(r*r^T)",
        "r = X*w - t\n  L = sum([r[1]; r[2]; r[3]]^2)",
        "r = X*w - t\n  L = sum(concat(slice(r, axis = 0, to = 1), slice(r, axis = 0, from = 2), axis = 0)^2)",
    ] {
        assert_eq!(solved(table, model, "w"), best.map(|(a, b)| Number::ratio(a, b)), "{model}");
    }
    let (pair, both) = ("param a, b", [(2, 1), (-3, 1)].map(|(a, b)| Number::ratio(a, b)));
    for model in ["L = sum(([a; b] - [2; -3])^2)", "L = norm([a b] - [2 -3])^2", "L = (a - 2)^2 + (b + 3)^2"] {
        assert_eq!(solved(pair, model, "a, b"), both, "{model}");
    }
}

#[test]
fn the_largest_minimum_is_solved_for_and_the_next_is_named() {
    let text = |size: usize| {
        format!("problem \"Q\"\ngiven\n  param w: {size}\nmodel\n  L = sum((w - 3)^2)\ntasks\n  minimize L over w\n")
    };
    assert!(common::solve_text(&text(64)).is_ok());
    assert_eq!(common::solve_text(&text(65)).err().unwrap_or_default(), "TooLarge(65)");
}

fn fraction(value: &Value) -> Number {
    let text = value.as_str().map_or_else(|| value.to_string(), ToString::to_string);
    let (over, under) = text.split_once('/').unwrap_or((&text, "1"));
    Number::parse(over).unwrap().checked_div(&Number::parse(under).unwrap()).unwrap()
}

fn fit(task: &str) -> String {
    format!(
        "problem \"F\"\ngiven\n  data x, y = [2 19.6; 4.5 44.1; 10 98]\n  param a\n  param b = 1\nmodel\n  c = a*x\n  L = sum((y - c)^2)\n  M = sum((a*x)^4) + b^2\n  R = sqrt(a^2 - 1)^2\ntasks\n  {task}\n"
    )
}

#[test]
fn a_piecewise_loss_is_not_quadratic() {
    for name in ["svm", "perceptron", "absolute_error", "mazur_descent"] {
        let solution = common::solve_file(std::path::Path::new(&format!("problems/learning/{name}.spec")));
        let descents = solution.sections.iter().filter_map(|section| match section {
            Section::Descent(result) => Some(result),
            _ => None,
        });
        assert!(descents.into_iter().all(|result| result.quadratic.is_none()), "{name}");
    }
}

#[test]
fn a_diverging_descent_ends_and_says_so() {
    let solution = common::solve_text(&fit("descend a from 8 of L rate 0.01 for 1000000 steps")).unwrap();
    let path = path(&solution);
    assert_eq!(path.end, End::Diverged);
    assert!(path.rows.last().unwrap().step < 200 && path.rows.len() < 120);
    let solution = common::solve_text(&fit("descend a from 1 of M rate 1 for 100 steps")).unwrap();
    assert_eq!(self::path(&solution).end, End::Diverged);
}

#[test]
fn json_holds_the_way_of_each_parameter() {
    let solution = common::solve_file(std::path::Path::new("problems/learning/gravity.spec"));
    let object: Value = serde_json::from_str(&solve::render::json::json(&solution)).unwrap();
    let answers = object["answers"].as_array().unwrap();
    let descent = answers.iter().find(|answer| answer["kind"] == "descent").unwrap();
    assert_eq!((descent["name"].as_str(), descent["task"].as_u64()), (Some("a"), Some(4)));
    let trace = descent["trace"].as_array().unwrap();
    assert_eq!(trace.len(), 11);
    assert_eq!((&trace[1]["step"], &trace[1]["value"]), (&Value::from(1), &Value::from(9.3419)));
    assert_eq!((&trace[0]["loss"], &trace[0]["gradient"]), (&Value::from(402.57), &Value::from(-447.3)));
    assert_eq!(trace[10]["value"], descent["value"]);
    let step = path(&solution).rows.iter().find(|row| row.step == 10).unwrap();
    assert_eq!(step.params[0].first().to_f64(), descent["value"].as_f64().unwrap());
}

#[test]
fn many_steps_keep_few_rows() {
    let start = Instant::now();
    let solution =
        common::solve_text(&fit("descend a from 8 of L rate 0.0001 stochastic shuffled by 7 for 100000 steps"));
    let solution = solution.unwrap();
    let path = path(&solution);
    assert_eq!(path.rows.last().unwrap().step, 100_000);
    assert!(path.rows.len() < 160, "{}", path.rows.len());
    assert!((path.rows.last().unwrap().params[0].first().to_f64() - 9.8).abs() < 1e-9);
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn senseless_descents_are_refused() {
    for (task, told) in [
        ("descend a from 8 of L for 3 steps", "a descent needs a rate"),
        ("descend a from 8 of L rate 0.1", "this descent never ends"),
        ("descend a from 8 of L rate 0 for 3 steps", "a rate is larger than 0"),
        ("descend a from 8 of L rate -1 for 3 steps", "a rate is larger than 0"),
        ("descend a from 8 of L rate 1 momentum 1 for 3 steps", "at least 0 and less than 1"),
        ("descend a from 8 of L rate 1 for 0 steps", "a whole number from 1 to 1000000"),
        ("descend a from 8 of L rate 1 for 1000001 steps", "a whole number from 1 to 1000000"),
        ("descend a from 8 of L rate 1 rate 2 for 2 steps", "told this once"),
        ("descend a from 8 of L rate 1 batch 4 for 2 steps", "a whole number from 1 to 3"),
        ("descend a from 8 of L rate 1 shuffled by 3 for 2 steps", "only batches come in an order"),
        ("descend a from 8 of L rate 1 decay -1 for 2 steps", "weight decay is not negative"),
        ("descend a from 8 of L rate 1 until |db| < 1", "is no gradient of this descent"),
        ("descend a from 8 of L rate 1 until |da| < 0", "is larger than 0"),
        ("descend c from zero of L rate 1 for 2 steps", "is computed, so it can't be moved"),
        ("descend a of L rate 1 for 2 steps", "E-no-value"),
        ("descend a, a from 1 of L rate 1 for 2 steps", "is named twice"),
        ("descend a from [1 2] of L rate 1 for 2 steps", "E-shape"),
        ("minimize M over a", "NotQuadratic"),
        ("minimize R over a", "NotQuadratic"),
        ("minimize L over a, b", "NoSingleMinimum"),
        ("minimize c over a", "E-"),
    ] {
        let error = common::solve_text(&fit(task)).err().unwrap_or_else(|| panic!("`{task}` is accepted"));
        assert!(error.contains(told), "{task}: {error}");
    }
}
