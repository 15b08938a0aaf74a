//! The drawn convolution: it shows the problem's own numbers, and nothing lies on anything else.

use crate::common;
mod faults;
use crate::inert;
mod random;

use crate::common::solve_text;
use fastrand::Rng;
use solve::answer::{Section, Solution};
use solve::graph::NodeId;
use solve::render::document::{Edition, Format, Layout};
use solve::render::grid::{Frame, Grids, Mark, Tint, Tone, grids, svg, tikz};
use solve::render::render;

/// The symbols of the first section of values.
fn symbols(solution: &Solution) -> Vec<NodeId> {
    let steps = solution.sections.iter().find_map(|section| match section {
        Section::Values { steps } => Some(steps),
        _ => None,
    });
    steps.unwrap().iter().map(|step| step.symbol).collect()
}

fn drawn(solution: &Solution) -> Option<Grids> {
    grids(solution, &symbols(solution))
}

fn picture(text: &str) -> Option<Grids> {
    drawn(&solve_text(text).unwrap_or_else(|error| panic!("{text}\n{error}")))
}

/// A problem with these given values and model lines, that asks for the last line.
fn spec(given: &str, model: &str) -> String {
    let last = model.lines().last().unwrap().split('=').next().unwrap().trim();
    format!("problem \"p\" \"t\"\n\ngiven\n{given}\n\nmodel\n{model}\n\ntasks\n  compute {last}\n")
}

const IMAGE: &str = "  I = [ 1 3 2 4 6 4; 4 8 3 1 0 2; 2 1 4 3 9 1; 4 7 2 3 9 2 ]\n  W = [ 1 2 1; 0 0 0; -1 -2 -1 ]";

/// The words of one tone, in reading order within each grid.
fn words(grids: &Grids, tone: Tone) -> Vec<String> {
    let of = |mark: &Mark| match mark {
        Mark::Text { words, tone: own, .. } if *own == tone => {
            Some(words.label.as_ref().map_or(String::new(), |label| label.text()) + &words.tail)
        }
        _ => None,
    };
    grids.marks.iter().filter_map(of).collect()
}

fn count(grids: &Grids, what: impl Fn(&Mark) -> bool) -> usize {
    grids.marks.iter().filter(|mark| what(mark)).count()
}

/// The entries that lie in the middle of a rectangle of some kind, with the padding's.
fn entries_in(grids: &Grids, of: impl Fn(&Mark) -> Option<solve::render::drawing::Rect>) -> Vec<String> {
    let rects: Vec<_> = grids.marks.iter().filter_map(of).collect();
    let inside = |mark: &Mark| match mark {
        Mark::Text { rect, words, tone: Tone::Entry | Tone::Padding } => {
            let (x, y) = rect.centre();
            let hit = rects.iter().any(|r| r.x0 < x && x < r.x1 && r.y0 < y && y < r.y1);
            hit.then(|| words.label.as_ref().unwrap().text())
        }
        _ => None,
    };
    grids.marks.iter().filter_map(inside).collect()
}

fn tinted(grids: &Grids, wanted: Tint) -> Vec<String> {
    entries_in(grids, |mark| match mark {
        Mark::Fill { rect, tint } if *tint == wanted => Some(*rect),
        _ => None,
    })
}

fn ringed(grids: &Grids) -> Vec<String> {
    entries_in(grids, |mark| match mark {
        Mark::Ring { rect } => Some(*rect),
        _ => None,
    })
}

#[test]
fn the_exams_convolution() {
    let solution = common::solve_file(std::path::Path::new("problems/q3.spec"));
    let grids = drawn(&solution).unwrap();
    assert_eq!(faults::faults(&grids), Vec::<String>::new());
    assert_eq!(words(&grids, Tone::Name), ["I", "∗", "W", "=", "J", "K", "O"]);
    assert_eq!(words(&grids, Tone::Shape), ["4×6", "3×3", "2×4", "1×2", "1×2"]);
    assert_eq!(words(&grids, Tone::Operator), ["max", "ReLU"]);
    assert_eq!(tinted(&grids, Tint::Kernel), ["1", "3", "2", "4", "8", "3", "2", "1", "4"]);
    assert_eq!(tinted(&grids, Tint::First), ["1"]);
    assert_eq!(ringed(&grids), ["−2", "3"]);
    assert_eq!(tinted(&grids, Tint::Even), ["1", "−1", "3", "1", "3"]);
    assert_eq!(tinted(&grids, Tint::Odd), ["−3", "−2", "−12", "−20", "−2"]);
    let entries = words(&grids, Tone::Entry);
    assert_eq!(entries[33..], ["1", "−1", "−3", "−2", "3", "1", "−12", "−20", "3", "−2", "3", "0"]);
    // At full size.
    assert!(
        grids
            .marks
            .iter()
            .all(|mark| !matches!(mark, Mark::Text { words, tone: Tone::Entry, .. } if words.size < 16.0))
    );
}

#[test]
fn what_the_checker_finds() {
    let solution = common::solve_file(std::path::Path::new("problems/q3.spec"));
    let good = drawn(&solution).unwrap();
    let spoilt = |spoil: &dyn Fn(&mut Mark)| {
        let mut grids = good.clone();
        grids.marks.iter_mut().for_each(spoil);
        !faults::faults(&grids).is_empty()
    };
    assert!(spoilt(&|mark| if let Mark::Text { rect, tone: Tone::Entry, .. } = mark {
        *rect = rect.shifted(9.0, 0.0)
    }));
    assert!(spoilt(&|mark| if let Mark::Text { rect, tone: Tone::Name, .. } = mark {
        *rect = rect.shifted(0.0, 12.0)
    }));
    assert!(spoilt(&|mark| if let Mark::Arrow { to, .. } = mark {
        to.0 += 30.0
    }));
    assert!(spoilt(&|mark| if let Mark::Frame { rect, .. } = mark {
        *rect = rect.shifted(8.0, 0.0)
    }));
    assert!(spoilt(&|mark| if let Mark::Ring { rect } = mark {
        *rect = rect.grown(4.0)
    }));
    assert!(spoilt(&|mark| if let Mark::Rules { rect, .. } = mark {
        *rect = rect.shifted(-20.0, 0.0)
    }));
}

#[test]
fn chains_in_any_order() {
    let signs = |model: &str| {
        let grids = picture(&spec(IMAGE, model)).unwrap_or_else(|| panic!("no picture of {model}"));
        assert_eq!(faults::faults(&grids), Vec::<String>::new(), "{model}");
        [words(&grids, Tone::Name), words(&grids, Tone::Operator)].map(|words| words.join(" "))
    };
    assert_eq!(signs("  J = conv2d(I, W)\n  A = relu(J)\n  K = maxpool(A, size = 2)"), ["I ∗ W = J A K", "ReLU max"]);
    assert_eq!(signs("  J = conv2d(I, W)"), ["I ∗ W = J", ""]);
    assert_eq!(signs("  P = avgpool(I, size = 2)\n  Q = conv2d(P, W, padding = 1)"), ["I P ∗ W = Q", "mean"]);
    assert_eq!(signs("  J = conv2d(I, W, padding = 1)\n  Q = conv2d(J, W)"), ["I ∗ W = J ∗ W = Q", ""]);
    assert_eq!(signs("  A = sigmoid(I)\n  K = maxpool(conv2d(A, W), size = 2)"), ["I A ∗ W = U₁ K", "σ max"]);
    assert_eq!(signs("  Z = conv2d(I, W) + 3"), ["I ∗ W + = Z", ""]);
}

#[test]
fn a_bias_is_added() {
    let given = format!("{IMAGE}\n  b = 5");
    for model in ["  Z = conv2d(I, W, b)", "  Z = conv2d(I, W) + b", "  Z = b + conv2d(I, W)"] {
        let grids = picture(&spec(&given, model)).unwrap();
        assert_eq!(words(&grids, Tone::Name), ["I", "∗", "W", "+", "b", "=", "Z"], "{model}");
        assert_eq!(tinted(&grids, Tint::First), ["6"], "{model}");
        assert_eq!(faults::faults(&grids), Vec::<String>::new());
    }
}

#[test]
fn a_flipped_kernel_is_drawn_as_it_meets_the_image() {
    let given = "  I = [ 1 2; 3 4 ]\n  W = [ 1 2; 3 4 ]";
    let grids = picture(&spec(given, "  J = conv2d(I, W, flip = true)")).unwrap();
    assert_eq!(words(&grids, Tone::Entry), ["1", "2", "3", "4", "4", "3", "2", "1", "20"]);
    assert_eq!(words(&grids, Tone::Shape)[1], "2×2, flipped");
    assert!(grids.legend.flipped);
}

#[test]
fn overlapping_windows_have_one_frame() {
    let grids = picture(&spec(IMAGE, "  K = maxpool(I, size = 2, stride = 1)")).unwrap();
    assert_eq!(count(&grids, |mark| matches!(mark, Mark::Frame { frame: Frame::Window, .. })), 1);
    assert!(grids.legend.first_window && !grids.legend.all_windows);
    assert_eq!(faults::faults(&grids), Vec::<String>::new());
}

#[test]
fn a_dilated_kernel_touches_single_cells() {
    let given = "  I = [ 1 2 3; 4 5 6; 7 8 9 ]\n  W = [ 1 1; 1 1 ]";
    let grids = picture(&spec(given, "  J = conv2d(I, W, dilation = 2)")).unwrap();
    assert_eq!(tinted(&grids, Tint::Kernel), ["1", "3", "7", "9"]);
    assert_eq!(count(&grids, |mark| matches!(mark, Mark::Frame { frame: Frame::Kernel, .. })), 4);
}

#[test]
fn what_is_too_large_is_not_drawn() {
    let wide: Vec<String> = (0..13).map(|entry| entry.to_string()).collect();
    let given = format!("  I = [ {} ]\n  W = [ 1 2 ]", wide.join(" "));
    assert!(picture(&spec(&given, "  J = conv2d(I, W)")).is_none());
    let long = ["123456789012"; 12].join(" ");
    let given = format!("  I = [ {long} ]\n  W = [ 1 2 ]");
    assert!(picture(&spec(&given, "  J = conv2d(I, W)")).is_none());
    assert!(picture(&spec("  A = [ 1 2 ]", "  B = relu(A)")).is_none());
}

/// A long chain goes on in a second row rather than over the edge of the page.
#[test]
fn long_chains_break() {
    let given = "  I = [ 1 2 3 4 5 6 7 8 9 10 11; 11 10 9 8 7 6 5 4 3 2 1 ]\n  W = [ 10 -20 30 ]";
    let grids = picture(&spec(given, "  J = conv2d(I, W)\n  Q = conv2d(J, W)\n  R = conv2d(Q, W)")).unwrap();
    assert_eq!(faults::faults(&grids), Vec::<String>::new());
    let names = |mark: &Mark| match mark {
        Mark::Text { rect, tone: Tone::Shape, .. } => Some(rect.y0),
        _ => None,
    };
    let heights: Vec<f64> = grids.marks.iter().filter_map(names).collect();
    assert!(heights.first() < heights.last());
}

/// Writes pictures into the folder that `SOLVE_DRAWINGS` names, to look at.
#[test]
fn pictures_to_look_at() {
    let Ok(folder) = std::env::var("SOLVE_DRAWINGS") else { return };
    let given = format!("{IMAGE}\n  b = 5\n  V = [ 0.5 -0.25; 1/3 0.125 ]");
    let by_hand = [
        "  J = conv2d(I, W, b, padding = 1, stride = 2)\n  K = avgpool(J, size = 2, padding = 1)",
        "  J = conv2d(I, V, padding = same) + b\n  A = tanh(J)\n  K = maxpool(A, size = 3, stride = 2)",
        "  J = conv2d(I, W, dilation = 2, padding = 2)\n  K = maxpool(J, size = 2)\n  O = leaky_relu(K)",
        "  J = conv2d(I, W, padding = 1)\n  Q = conv2d(J, W, padding = 1)\n  K = maxpool(Q, size = (2, 3))\n  O = sigmoid(K)",
        "  K = maxpool(I, size = 2)\n  M = avgpool(I, size = 2)\n  D = K - M",
    ];
    let mut rng = Rng::with_seed(11);
    let random = (0..30).map(|_| random::chain(&mut rng).spec);
    for (place, text) in by_hand.iter().map(|model| spec(&given, model)).chain(random).enumerate() {
        let Some(grids) = solve_text(&text).ok().and_then(|solution| drawn(&solution)) else { continue };
        std::fs::write(format!("{folder}/grid{place}.svg"), svg(&grids, &format!("g{place}"))).unwrap();
        std::fs::write(format!("{folder}/grid{place}.tikz.tex"), tikz(&grids)).unwrap();
    }
}

/// The numbers in the picture themselves: the cells under the kernel times the kernel, as drawn, are the first entry,
/// and what has a ring comes out of the pooling.
#[test]
fn random_chains() {
    let mut rng = Rng::with_seed(7);
    let (mut drawn_count, mut sums, mut rings) = (0, 0, 0);
    for round in 0..450 {
        let chain = random::chain(&mut rng);
        let Ok(solution) = solve_text(&chain.spec) else { continue };
        let Some(grids) = drawn(&solution) else { continue };
        drawn_count += 1;
        assert_eq!(faults::faults(&grids), Vec::<String>::new(), "round {round}:\n{}", chain.spec);
        inert::svg(&svg(&grids, "x"));
        assert_eq!(svg(&grids, "x"), svg(&drawn(&solution).unwrap(), "x"));
        if let Some(bias) = chain.only_convolution {
            let touched: Vec<f64> = tinted(&grids, Tint::Kernel).iter().map(|text| number(text)).collect();
            let kernel: Vec<f64> = kernel(&grids, touched.len());
            let sum: f64 = touched.iter().zip(&kernel).map(|(a, b)| a * b).sum();
            assert_eq!(sum + bias, number(&tinted(&grids, Tint::First)[0]), "round {round}:\n{}", chain.spec);
            sums += 1;
        }
        if chain.ends_with_maxpool {
            let all = words(&grids, Tone::Entry);
            let pooled = &all[all.len() - chain.results(&solution)..];
            let (mut won, mut came_out) = (ringed(&grids), pooled.to_vec());
            won.sort();
            won.dedup();
            came_out.sort();
            came_out.dedup();
            assert_eq!(won, came_out, "round {round}:\n{}", chain.spec);
            rings += 1;
        }
    }
    assert!(drawn_count > 150 && sums > 60 && rings > 20, "{drawn_count} {sums} {rings}");
}

fn number(text: &str) -> f64 {
    text.replace('−', "-").parse().unwrap()
}

/// The entries of the second grid.
fn kernel(grids: &Grids, size: usize) -> Vec<f64> {
    let second = grids.marks.iter().filter_map(|mark| match mark {
        Mark::Rules { rect, light: false, .. } => Some(*rect),
        _ => None,
    });
    let rect = second.clone().nth(1).unwrap();
    let entries =
        entries_in(grids, |mark| matches!(mark, Mark::Rules { rect: own, .. } if *own == rect).then_some(rect));
    assert_eq!(entries.len(), size);
    entries.iter().map(|text| number(text)).collect()
}

#[test]
fn nothing_of_the_authors_is_markup() {
    let text = spec(IMAGE, "  J = conv2d(I, W)").replace("\"t\"", "\"<script>alert(1)</script> & 'x'\"");
    let grids = picture(&text).unwrap();
    let picture = svg(&grids, "\"><script>");
    inert::svg(&picture);
    assert!(!picture.contains("<script"));
    assert!(!tikz(&grids).contains("script>"));
}

#[test]
fn markdown_links_the_picture_where_it_can() {
    let solution = common::solve_file(std::path::Path::new("problems/q3.spec"));
    let layout = |format, stem: Option<&str>| Layout {
        format,
        edition: Edition::Student,
        fragment: false,
        picture_stem: stem.map(str::to_string),
        template: None,
    };
    let linked = render(&solution, &layout(Format::Markdown, Some("q3"))).unwrap();
    assert!(linked.text.contains("](q3-grid.svg)"));
    assert!(linked.text.contains("the first kernel position and its entry $J_{11}$"));
    assert_eq!(linked.pictures.iter().map(|picture| picture.file.as_str()).collect::<Vec<_>>(), ["q3-grid.svg"]);
    let alone = render(&solution, &layout(Format::Markdown, None)).unwrap();
    assert!(!alone.text.contains("kernel position") && alone.pictures.is_empty());
    let latex = render(&solution, &layout(Format::Latex, None)).unwrap().text;
    assert!(latex.contains("\\begin{tikzpicture}") && latex.contains("Heavy frames: pooling windows."));
    let html = render(&solution, &layout(Format::Html, None)).unwrap().text;
    assert_eq!(html.matches("<svg").count(), 1);
    let plain = render(&solution, &layout(Format::Text, None)).unwrap().text;
    assert!(!plain.contains("Heavy frames"));
}
