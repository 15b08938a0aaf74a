//! Whose a file is, by the names that course systems give to what was handed in.

/// A student, as far as a name of a file or a folder tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Who {
    pub name: Option<String>,
    /// The course system's number.
    pub number: Option<String>,
}

/// What stands between a student and a file in Moodle's names.
const MOODLE: &str = "_assignsubmission_";

/// A folder that holds all files of one student: Moodle's `Ada Lovelace_12345_assignsubmission_file_`, Gradescope's
/// `submission_12345`.
pub fn of_folder(name: &str) -> Option<Who> {
    if let Some(number) = name.strip_prefix("submission_").filter(|number| is_number(number)) {
        return Some(Who { name: None, number: Some(number.to_string()) });
    }
    moodle(name)
}

/// A file of one student, who may have others: Canvas' `lovelaceada_123_456_homework.tex`, and Moodle's where it makes no
/// folders.
pub fn of_file(name: &str) -> Option<Who> {
    let parts: Vec<&str> = name.split('_').filter(|part| !matches!(*part, "LATE" | "late")).collect();
    match parts.as_slice() {
        [student, number, attachment, _, ..]
            if is_long_number(number)
                && is_long_number(attachment)
                && !student.is_empty()
                && student.chars().all(|c| c.is_alphabetic() || c == '-') =>
        {
            Some(Who { name: Some((*student).to_string()), number: Some((*number).to_string()) })
        }
        _ => moodle(name),
    }
}

fn moodle(name: &str) -> Option<Who> {
    let (student, number) = name.split_once(MOODLE)?.0.rsplit_once('_')?;
    let whole = is_number(number) && !student.trim().is_empty();
    whole.then(|| Who { name: Some(student.trim().to_string()), number: Some(number.to_string()) })
}

/// `homework_1_2_final.tex` has other numbers.
fn is_long_number(text: &str) -> bool {
    text.len() >= 3 && is_number(text)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_course_systems_tell_the_student() {
        let who = |name: Option<&str>, number: &str| {
            Some(Who { name: name.map(str::to_string), number: Some(number.to_string()) })
        };
        assert_eq!(of_folder("Ada Lovelace_12345_assignsubmission_file_"), who(Some("Ada Lovelace"), "12345"));
        assert_eq!(of_folder("Last First_12345_assignsubmission_onlinetext"), who(Some("Last First"), "12345"));
        assert_eq!(of_folder("submission_987"), who(None, "987"));
        assert_eq!(of_file("lovelaceada_123_456_homework.tex"), who(Some("lovelaceada"), "123"));
        assert_eq!(of_file("lovelaceada_LATE_123_456_home_work-1.tex"), who(Some("lovelaceada"), "123"));
        assert_eq!(of_file("Ada Lovelace_7_assignsubmission_file_hw.tex"), who(Some("Ada Lovelace"), "7"));
        for other in ["ada", "submission_", "submission_x", "class_2", "section1", "hw_1_2.tex", "a_1_2_3"] {
            assert_eq!(of_folder(other), None, "{other}");
        }
        assert_eq!((of_file("ada.tex"), of_file("homework_1_2_final.tex")), (None, None));
    }
}
