//! Pictures over axes: what is drawn stands where the numbers say, in every format, and nothing of a spec becomes markup.

use crate::common;

mod parse;

use parse::{Axes, attribute, elements, paths};
use solve::answer::{Refusal, Section, Solution, answer};
use solve::render::document::{Edition, Format, Layout};
use solve::render::plot::{figure, layout, pgf, sketch, svg};
use solve::render::render;
use solve::tasks::plot::{Drawn, Plot, Scale, SeriesName, Unplottable};
use std::process::{Command, Stdio};

const LINE: &str = r#"problem "Line" "A line through the origin"
given
  data x, y = [ 2 19.6; 4.5 44.1; 10 98 ]
  param a, b
model
  yhat = a*x + b
  L = sum((y - yhat)^2)
tasks
"#;

/// The loss of the line through the origin, as the tutorial has it: 402.57 at 8, 79.52 at 9, 4.97 at 10.
fn loss(a: f64, b: f64) -> f64 {
    [(2.0, 19.6), (4.5, 44.1), (10.0, 98.0)].iter().map(|(x, y)| (y - a * x - b).powi(2)).sum()
}

fn solved(tasks: &str) -> Solution {
    common::solve_text(&format!("{LINE}{tasks}")).unwrap()
}

fn refused(text: &str) -> Unplottable {
    let spec = solve::syntax::read_spec(text).unwrap().value;
    match answer(&solve::lower::lower(&spec).unwrap().model, &[]) {
        Err(Refusal::Unplottable { reason, .. }) => reason,
        other => panic!("{:.500}", format!("{other:?}")),
    }
}

fn lower_errors(text: &str) -> Vec<String> {
    let spec = solve::syntax::read_spec(text).unwrap().value;
    let errors = solve::lower::lower(&spec).unwrap_err();
    errors.into_iter().map(|error| error.message).collect()
}

fn plots(solution: &Solution) -> Vec<&Plot> {
    let plots = solution.sections.iter().filter_map(|section| match section {
        Section::Plot(plot) => Some(plot.as_ref()),
        _ => None,
    });
    plots.collect()
}

fn picture(solution: &Solution, place: usize) -> String {
    svg(&layout(&figure(solution, plots(solution)[place])), "test")
}

fn document(solution: &Solution, format: Format) -> String {
    let layout = Layout { format, edition: Edition::Student, fragment: false, picture_stem: None, template: None };
    render(solution, &layout).unwrap().text
}

#[test]
fn a_curve_stands_where_the_loss_is() {
    let solution = solved("  plot L over a from 6 to 13 at b = 0\n");
    let text = picture(&solution, 0);
    let axes = Axes::of(&text);
    let curve: Vec<(f64, f64)> = paths(&text, "#0B5394").into_iter().max_by_key(Vec::len).unwrap();
    let curve: Vec<(f64, f64)> = curve.into_iter().map(|point| axes.numbers(point)).collect();
    assert!(curve.len() > 20);
    for (a, value) in &curve {
        // A tenth of a pixel each way, where the curve is steep.
        assert!((value - loss(*a, 0.0)).abs() < 2.0, "L({a}) = {} is drawn at {value}", loss(*a, 0.0));
    }
    assert!((curve[0].0 - 6.0).abs() < 0.01 && (curve[curve.len() - 1].0 - 13.0).abs() < 0.01);
    let at = |wanted: f64| {
        let next = curve.iter().position(|(a, _)| *a >= wanted).unwrap();
        let ((a0, l0), (a1, l1)) = (curve[next - 1], curve[next]);
        l0 + (wanted - a0) / (a1 - a0) * (l1 - l0)
    };
    for (a, known) in [(8.0, 402.57), (9.0, 79.52), (10.0, 4.97)] {
        assert!((at(a) - known).abs() < 3.0, "at {a}: {}", at(a));
    }
}

#[test]
fn points_stand_where_the_table_says_and_lines_go_through_them() {
    let solution = solved("  plot y over x with yhat at a = 9.8 and b = 0, a = 8 and b = 5\n");
    let text = picture(&solution, 0);
    let axes = Axes::of(&text);
    let circles = elements(&text, "circle");
    let number = |element: &str, name: &str| attribute(element, name).unwrap().parse::<f64>().unwrap();
    let points: Vec<(f64, f64)> =
        circles.iter().map(|circle| axes.numbers((number(circle, "cx"), number(circle, "cy")))).collect();
    // The others are the legend's.
    let drawn: Vec<&(f64, f64)> = points.iter().filter(|(_, y)| *y < 102.0).collect();
    assert_eq!(drawn.len(), 3, "{points:?}");
    for ((x, y), (known_x, known_y)) in drawn.into_iter().zip([(2.0, 19.6), (4.5, 44.1), (10.0, 98.0)]) {
        assert!((x - known_x).abs() < 0.01 && (y - known_y).abs() < 0.1, "{x}, {y}");
    }
    let dashed = elements(&text, "path").into_iter().filter(|path| attribute(path, "stroke-dasharray").is_some());
    assert_eq!(dashed.count(), 2, "a line and its piece in the legend");
    for (x, y) in
        paths(&text, "#B23A00").concat().into_iter().map(|point| axes.numbers(point)).filter(|(_, y)| *y < 103.0)
    {
        assert!((y - 8.0 * x - 5.0).abs() < 0.2, "{x}, {y}");
    }
}

#[test]
fn a_level_line_is_where_the_loss_has_that_value() {
    let solution = solved("  plot L over a from 8 to 12 and b from -20 to 20\n");
    let plot = plots(&solution)[0];
    assert!(plot.series.len() >= 6);
    for series in &plot.series {
        let (SeriesName::Level { value: level, .. }, Drawn::Contour(pieces)) = (&series.name, &series.shape) else {
            panic!()
        };
        for (a, b) in pieces.iter().flatten() {
            let off = (loss(*a, *b) - level).abs();
            assert!(off < 0.02 * level + 1.0, "L({a}, {b}) is {} on the line of {level}", loss(*a, *b));
        }
    }
    let text = picture(&solution, 0);
    let axes = Axes::of(&text);
    let lines = paths(&text, "#0B5394");
    assert!(lines.len() >= plot.series.len());
    let inside = lines.concat().into_iter().map(|point| axes.numbers(point));
    assert!(inside.into_iter().all(|(a, b)| (7.99..=12.01).contains(&a) && (-20.1..=20.1).contains(&b)));
}

#[test]
fn an_entry_of_a_vector_varies_and_the_others_stay() {
    let text = r#"problem "V" "Two weights"
given
  param w: 2
model
  L = (w[1] - 1)^2 + 10*(w[2] + 2)^2
tasks
  plot L over w[1] from -3 to 3 at w = [7; 0]
  plot L over w[1] from -3 to 3 and w[2] from -3 to 3
"#;
    let solution = common::solve_text(text).unwrap();
    let Drawn::Curve(pieces) = &plots(&solution)[0].series[0].shape else { panic!() };
    assert!(pieces.iter().flatten().all(|(w, value)| (value - (w - 1.0).powi(2) - 40.0).abs() < 1e-9));
    assert!(document(&solution, Format::Text).contains("over w₁ from −3 to 3"));
    let svg = picture(&solution, 1);
    assert!(svg.contains(">level lines of L over w₁ and w₂<"), "{svg:.600}");
}

const DESCENT: &str = r#"problem "D" "A descent"
given
  data x, y = [ 2 19.6; 4.5 44.1; 10 98 ]
  param a
model
  yhat = a*x
  L = sum((y - yhat)^2)
tasks
  plot L over a from 7 to 11 with descent
  descend a from 8 rate 0.003 until |da| < 0.001
  plot L, |da| per step
  minimize L over a
  plot y over x with yhat after descent
  plot y over x with yhat at minimum
"#;

/// dL/da = 248.5 (a - 9.8), so that each step multiplies a - 9.8 by 1 - 0.003·248.5 = 0.2545.
fn step(k: i32) -> f64 {
    9.8 - 1.8 * 0.2545_f64.powi(k)
}

#[test]
fn the_steps_of_a_descent_lie_on_the_curve_with_their_tangents() {
    let solution = common::solve_text(DESCENT).unwrap();
    let series = &plots(&solution)[0].series;
    let Drawn::Tangents(tangents) = &series[1].shape else { panic!() };
    let Drawn::Steps { points, steps } = &series[2].shape else { panic!() };
    assert_eq!(steps, &(0..=10).collect::<Vec<_>>());
    for (k, (a, value)) in points.iter().enumerate() {
        assert!((a - step(k as i32)).abs() < 1e-9 && (value - loss(*a, 0.0)).abs() < 1e-9, "{k}: {a}, {value}");
    }
    for ((a, value), slope) in tangents {
        assert!((slope - 248.5 * (a - 9.8)).abs() < 1e-6 && (value - loss(*a, 0.0)).abs() < 1e-9);
    }
    let text = picture(&solution, 0);
    let axes = Axes::of(&text);
    let tangent = paths(&text, "#B23A00").into_iter().find(|line| line.len() == 2).unwrap();
    let ends: Vec<(f64, f64)> = tangent.into_iter().map(|point| axes.numbers(point)).collect();
    let slope = (ends[1].1 - ends[0].1) / (ends[1].0 - ends[0].0);
    assert!((slope + 447.3).abs() < 8.0, "the tangent at 8 has the slope {slope}");
    assert!(text.contains("= 9.342"), "the first step is written beside its point");
    assert!(document(&solution, Format::Latex).contains("a^{(0)} = 8"));
}

#[test]
fn the_loss_per_step_has_a_logarithmic_axis_and_the_line_where_it_stops() {
    let solution = common::solve_text(DESCENT).unwrap();
    let plot = plots(&solution)[1];
    assert_eq!(plot.vertical.scale, Scale::Log);
    let Drawn::Path { points, .. } = &plot.series[0].shape else { panic!() };
    assert_eq!(points.len(), 11);
    assert!(points.iter().all(|(k, value)| (value / (124.25 * (step(*k as i32) - 9.8).powi(2)) - 1.0).abs() < 1e-3));
    let Drawn::Path { points, .. } = &plot.series[1].shape else { panic!() };
    assert!((points[0].1 - 447.3).abs() < 1e-9 && points[10].1 < 0.001 && points[9].1 > 0.001);
    assert_eq!(plot.series[2].shape, Drawn::Horizontal(0.001));
    assert!(document(&solution, Format::Latex).contains("ymode=log"));
}

#[test]
fn curves_go_where_a_descent_ended_and_where_the_minimum_is() {
    let solution = common::solve_text(DESCENT).unwrap();
    for (place, a) in [(2, step(10)), (3, 9.8)] {
        let Drawn::Curve(pieces) = &plots(&solution)[place].series[1].shape else { panic!() };
        assert!(pieces.iter().flatten().all(|(x, value)| (value - a * x).abs() < 1e-8));
    }
    let none = DESCENT.replace("  descend a from 8 rate 0.003 until |da| < 0.001\n", "");
    assert!(lower_errors(&none).iter().all(|error| error.contains("the problem has no descent")));
}

#[test]
fn a_path_goes_over_level_lines() {
    let descent = "  descend a, b of L from zero rate 0.003 for 12 steps\n";
    let solution = solved(&format!("{descent}  plot L over a from -1 to 12 and b from -5 to 5 with descent\n"));
    let last = plots(&solution)[0].series.last().unwrap();
    let Drawn::Path { points, .. } = &last.shape else { panic!() };
    let (mut a, mut b) = (0.0, 0.0);
    for (drawn_a, drawn_b) in points {
        assert!((drawn_a - a).abs() < 1e-9 && (drawn_b - b).abs() < 1e-9);
        let residuals = [(2.0, 19.6), (4.5, 44.1), (10.0, 98.0)].map(|(x, y)| (x, a * x + b - y));
        (a, b) = (
            a - 0.003 * residuals.iter().map(|(x, r)| 2.0 * x * r).sum::<f64>(),
            b - 0.003 * residuals.iter().map(|(_, r)| 2.0 * r).sum::<f64>(),
        );
    }
    assert_eq!(points.len(), 13);
    let alone = format!("{LINE}{descent}  plot L over a from -1 to 12 with descent at b = 0\n");
    assert!(matches!(refused(&alone), Unplottable::NoDescent));
}

#[test]
fn families_go_through_the_rows_and_their_losses_stand_at_their_degrees() {
    // y = x² - x + 1 at the training rows; the row that is held out is off by 2.
    let text = r#"problem "F" "Families"
given
  data x, y = [ -1 3; 0 1; 1 1; 2 3; 4 15; 5 21 ]
tasks
  fit y over x by polynomial degree 1 to 3 hold out row 5
  plot y over x with fit
  plot loss per degree
"#;
    let solution = common::solve_text(text).unwrap();
    let plot = plots(&solution)[0];
    assert_eq!(plot.series[0].shape, Drawn::Points(vec![(-1.0, 3.0), (0.0, 1.0), (1.0, 1.0), (2.0, 3.0), (5.0, 21.0)]));
    assert_eq!(plot.series[1].shape, Drawn::Points(vec![(4.0, 15.0)]));
    let Drawn::Curve(pieces) = &plot.series[3].shape else { panic!() };
    assert!(pieces.iter().flatten().all(|(x, y)| (y - (x * x - x + 1.0)).abs() < 1e-9));
    assert_eq!((pieces[0][0].0, pieces[0].last().unwrap().0), (-1.0, 5.0));
    let losses = plots(&solution)[1];
    let Drawn::Path { points, .. } = &losses.series[1].shape else { panic!() };
    assert_eq!(points.iter().map(|(degree, _)| *degree).collect::<Vec<_>>(), [1.0, 2.0, 3.0]);
    assert!((points[1].1 - 4.0).abs() < 1e-9, "held out: (15 - 13)²");
    assert!(document(&solution, Format::Text).contains("on the rows held out"));
    let none = text.replace("  fit y over x by polynomial degree 1 to 3 hold out row 5\n", "");
    assert_eq!(lower_errors(&none), ["the problem fits nothing"; 2]);
}

#[test]
fn what_is_not_defined_leaves_a_gap() {
    let text = r#"problem "G" "Gaps"
given
  param x
model
  s = sqrt(x)
  r = 1/x
tasks
  plot s over x from -1 to 4
  plot r over x from -2 to 2
"#;
    let solution = common::solve_text(text).unwrap();
    let pieces = |place: usize| match &plots(&solution)[place].series[0].shape {
        Drawn::Curve(pieces) => pieces.clone(),
        other => panic!("{other:?}"),
    };
    assert!(pieces(0).len() == 1 && pieces(0)[0][0].0 >= 0.0);
    assert_eq!(pieces(1).len(), 2, "no line goes through the pole");
    assert!(pieces(1).iter().flatten().all(|(x, value)| (value * x - 1.0).abs() < 1e-9));
}

#[test]
fn a_curve_needs_rows_that_do_not_depend_on_each_other() {
    let text = r#"problem "R" "Rows"
given
  data x, y = [ 1 2; 2 4; 3 7 ]
model
  z = x - mean(x)
tasks
  plot y over x with z
"#;
    assert!(matches!(refused(text), Unplottable::Rows(_)));
    assert!(matches!(refused(&text.replace("x - mean(x)", "sqrt(0 - x^2 - 1)")), Unplottable::Undefined(_)));
}

const HOSTILE: &str = r##"problem "Q" "Hostile"
given
  param a "50% of </text><script>alert(1)</script> & $x$ \input{/etc/passwd} ]]> }{ \\ # ~ ^ _ `é∂ 漢"
  data x, y = [ 1 2; 2 4 ]
model
  yhat = a*x
  L = sum((y - yhat)^2)
tasks
  plot L over a from 0 to 4
  plot L, da over a from 0 to 4
  plot y over x with yhat at a = 1, a = 2, a = 3
"##;

#[test]
fn the_authors_words_stay_words() {
    let solution = common::solve_text(HOSTILE).unwrap();
    for place in 0..3 {
        parse::assert_well_formed(&picture(&solution, place));
        assert!(!picture(&solution, place).contains("<script"));
    }
    let source = pgf(&figure(&solution, plots(&solution)[0]));
    let bare = source.replace("\\%", "");
    assert!(!bare.contains("\\input") && !bare.contains('%') && bare.contains("50"), "{source:.2000}");
    let page = document(&solution, Format::Html);
    assert!(!page.contains("<script>alert"));
    let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(ids.len(), unique.len(), "{ids:?}");
}

#[test]
fn latex_sets_it_without_a_warning() {
    if Command::new("pdflatex").arg("--version").stdout(Stdio::null()).status().is_err() {
        return;
    }
    let wild = r#"problem "W" "Wild ranges"
given
  param x "where"
  param w: 2
model
  r = 1/x
  g = exp(x)
  L = log(w[1]) + w[2]^2
tasks
  plot r over x from -2 to 2
  plot r, g over x from 0.001 to 400
  plot g over x from 0 to 0.0000001
  plot L over w[1] from -1 to 3 and w[2] from -1000000 to 1000000
  plot r, g over x from -1000000 to 2 at w = [1; 2], w = [3; 4]
"#;
    for text in [HOSTILE, wild] {
        let solution = common::solve_text(text).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("key.tex"), document(&solution, Format::Latex)).unwrap();
        let run = Command::new("pdflatex")
            .args(["-halt-on-error", "-interaction=nonstopmode", "-no-shell-escape", "key.tex"])
            .current_dir(folder.path())
            .env("openin_any", "p")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let log = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(run.status.success(), "{log}");
        let told: Vec<&str> =
            log.lines().filter(|line| line.contains("Warning") || line.contains("Overfull")).collect();
        assert!(told.is_empty(), "{told:?}");
    }
}

#[test]
fn a_sketch_has_the_points_in_their_places() {
    let solution = solved("  plot y over x with yhat at a = 9.8 and b = 0\n");
    let text = sketch(&figure(&solution, plots(&solution)[0]));
    let rows: Vec<&str> = text.lines().filter(|line| line.contains('●')).collect();
    assert_eq!(rows.len(), 4, "three points and the legend\n{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn json_has_the_numbers() {
    let solution = solved("  plot y over x with yhat at a = 9.8 and b = 0\n");
    let json: serde_json::Value = serde_json::from_str(&document(&solution, Format::Json)).unwrap();
    let plot = &json["plots"][0];
    assert_eq!(plot["task"], 1);
    assert_eq!(plot["plot"]["series"][0]["pieces"][0], serde_json::json!([[2.0, 19.6], [4.5, 44.1], [10.0, 98.0]]));
    assert_eq!(plot["plot"]["series"][1]["at"], "a = 9.8, b = 0");
    assert_eq!(plot["plot"]["horizontal"]["shows"], serde_json::json!(["x"]));
}
