//! Questions of the kinds in `tasks`, as text of the language.

use super::{
    list, plot, print_descent, print_dim_expr, print_expression, print_fit, print_name, print_point, print_target,
};
use crate::syntax::ast::{Claim, Part, Question, Related, Relation, Spanned, Statement};
use crate::tasks::FORMS;

/// The question in its kind's form.
pub fn print_question(question: &Question) -> String {
    let forms = FORMS.iter().find(|forms| forms.kind == question.kind).map_or(&[][..], |forms| forms.forms);
    let Some(form) = forms.get(question.form) else { return String::new() };
    let mut pieces = form.split(['{', '}']);
    let mut text = pieces.next().unwrap_or("").to_string();
    for part in &question.parts {
        match (pieces.next(), part) {
            (Some("word" | "rate"), Part::Text(word)) => text.push_str(&word.value),
            _ => text.push_str(&print_part(part)),
        }
        text.push_str(pieces.next().unwrap_or(""));
    }
    text
}

fn print_part(part: &Part) -> String {
    let quoted =
        |text: &str| if text.contains(['\n', '"']) { format!("\"\"\"{text}\"\"\"") } else { format!("\"{text}\"") };
    match part {
        Part::Names(names) => list(names, print_name),
        Part::Expression(expr) => print_expression(expr),
        Part::Relations(all) => list(all, print_related),
        Part::Text(text) => quoted(&text.value),
        Part::Choices(all) => {
            let choice = |(text, right): &(Spanned<String>, bool)| {
                format!("{}{}", quoted(&text.value), if *right { " right" } else { "" })
            };
            all.iter().map(choice).collect::<Vec<_>>().join("; ")
        }
        Part::Bindings(all) => {
            list(all, |binding| format!("{} = {}", print_name(&binding.name), print_expression(&binding.value)))
        }
        Part::Targets(all) => list(all, print_target),
        Part::Points(all) => list(all, |point| print_point(point)),
        Part::Descent(request) => print_descent(request),
        Part::Fit(request) => print_fit(request),
        Part::Plot(request) => plot::print_plot(request),
        Part::Statements(all) => {
            let statement = |statement: &Statement| {
                let words =
                    statement.words.as_ref().map_or(String::new(), |words| format!("{} ", quoted(&words.value)));
                format!("{words}{}", print_claim(&statement.claim))
            };
            all.iter().map(statement).collect::<Vec<_>>().join("; ")
        }
    }
}

fn print_related(related: &Related) -> String {
    let sign = match related.relation {
        Relation::Equal => "=",
        Relation::NotEqual => "!=",
        Relation::Less => "<",
        Relation::LessEqual => "<=",
        Relation::Greater => ">",
        Relation::GreaterEqual => ">=",
    };
    format!("{} {sign} {}", print_expression(&related.left), print_expression(&related.right))
}

fn print_claim(claim: &Claim) -> String {
    match claim {
        Claim::Related(related) => print_related(related),
        Claim::Property { of, property, wrt } => {
            format!("{} is {} in {}", print_expression(of), property.value, print_name(wrt))
        }
        Claim::Independent { of, of_name } => {
            format!("{} does not depend on {}", print_expression(of), print_name(of_name))
        }
        Claim::Shape { of, shape } => {
            let sides: Vec<String> = shape.value.iter().map(|side| print_dim_expr(side, false)).collect();
            format!("{} is {}", print_expression(of), sides.join(" x "))
        }
    }
}
