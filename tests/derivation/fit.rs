//! Model families on the same data: what is senseless, what is not determined, and which family is chosen. The figures
//! themselves are in tests/expected.

use crate::common;

use solve::answer::{FitResult, Section, Solution};

fn problem(task: &str) -> String {
    format!(
        "problem \"F\"\ngiven\n  data x, y = [0 1; 1 3; 2 4; 2 5]\n  X = [1 2; 3 4]\n  z = [1; 2]\n  param a\ntasks\n  {task}\n"
    )
}

fn fitted(solution: &Solution) -> &FitResult {
    let found = solution.sections.iter().find_map(|section| match section {
        Section::Fit(result) => Some(result.as_ref()),
        _ => None,
    });
    found.expect("a fit")
}

#[test]
fn senseless_fits_are_refused() {
    for (task, told) in [
        ("fit y over x by quadratc", "did you mean `quadratic`?"),
        ("fit y over x by polynomial degree 21", "a whole number from 0 to 20"),
        ("fit y over x by polynomial degree 3 to 2", "these degrees go down"),
        ("fit y over x by linear hold out rows 5", "numbered from 1 to 4"),
        ("fit y over x by linear hold out rows 0", "numbered from 1 to 4"),
        ("fit y over x by linear hold out rows 3 to 2", "these rows go down"),
        ("fit y over x by linear hold out rows 1 to 4", "all rows are held out"),
        ("fit y over z by linear", "`y` has 4 rows, and `z` has 2"),
        ("fit y over X by linear", "`X` is no column"),
        ("fit y over a by linear", "is not given with its numbers"),
        ("fit y over x by logarithmic", "UndefinedCurve"),
        ("fit y over x", "`by` is missing here"),
        ("fit w over x by linear", "`w` is not defined"),
    ] {
        let error = common::solve_text(&problem(task)).err().unwrap_or_else(|| panic!("`{task}` is accepted"));
        assert!(error.contains(told), "{task}: {error}");
    }
}

#[test]
fn more_coefficients_than_different_rows_are_not_determined() {
    let solution = common::solve_text(&problem("fit y over x by constant, linear, polynomial degree 2 to 4")).unwrap();
    let determined: Vec<bool> = fitted(&solution).fitted.iter().map(|fitted| fitted.curve.is_some()).collect();
    assert_eq!(determined, [true, true, true, false, false]);
    assert_eq!(solution.answers.len(), 6);
    let constant = fitted(&solution).fitted[0].curve.as_ref().unwrap();
    assert_eq!((constant.coefficients[0].to_string(), constant.training.to_string()), ("3.25".into(), "2.1875".into()));
}

#[test]
fn the_family_that_carries_over_is_chosen() {
    let solution = common::solve_file(std::path::Path::new("problems/learning/overfitting.spec"));
    let result = fitted(&solution);
    let name = |place: Option<usize>| place.map(|place| result.fitted[place].family.to_string());
    assert_eq!(name(result.best(|best| Some(&best.training))).as_deref(), Some("degree 9"));
    assert_eq!(name(result.chosen()).as_deref(), Some("cubic"));
    let losses: Vec<f64> =
        result.fitted.iter().map(|fitted| fitted.curve.as_ref().unwrap().training.to_f64()).collect();
    assert!(losses.is_sorted_by(|before, after| before >= after), "{losses:?}");
}
