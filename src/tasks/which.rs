//! `which of: "dW = X^T d" dW = X^T*dY; …`: statements, each decided and explained in a line.

use super::compare::{Finding, compare};
use super::curvature::{Curvature, curvature};
use super::proof::prove;
use super::show::example_hole;
use super::{Asking, Kind, letter};
use crate::algebra::Expander;
use crate::answer::told::{Block, Formula, Hole, Say, Told};
use crate::answer::{Part, Subject, Wanted};
use crate::diagnostic::Diagnostic;
use crate::graph::{Leaf, NodeId};
use crate::number::Number;
use crate::ops::{Add, Scale};
use crate::shape::Dim;
use crate::syntax::ast::{self, Claim, Relation, Statement};
use std::collections::HashMap;

pub const KIND: Kind = Kind {
    name: "which of",
    forms: &["which of: {statements}"],
    summary: "statements that hold or do not, each decided and explained in a line: equations and inequalities, `L is convex \
              in w`, `y is affine in x`, `L does not depend on c`, `Y is N x K`",
    example: "which of: \"dW = X^T d\" dW = X^T*dY; L is convex in W",
    answered: "A = holds",
    answer,
};

/// Whether a statement holds, and why in a line; whether that is proved.
pub(super) struct Decided {
    pub holds: bool,
    pub why: Say,
}

fn answer(asking: &mut Asking) -> Result<Told, Vec<Diagnostic>> {
    let statements = asking.hole(0, ast::Part::statements)?;
    let truths = |subject: &Subject| matches!(subject, Subject::Part(part) if matches!(part.wanted, Wanted::Truth(_)));
    let before = asking.work.answered_so_far().filter(|subject| truths(subject)).count();
    let (mut rows, mut listed) = (Vec::new(), Vec::new());
    for (place, statement) in statements.iter().enumerate() {
        let name = letter(before + place);
        let Decided { holds, why } = decide(asking, &statement.claim, statement)?;
        let words = said(asking, statement);
        let verdict = if holds { "holds" } else { "false" };
        rows.push(vec![
            Say::new("{}").words(name.clone()),
            Say::new("{}").hole(Hole::Say(Box::new(words.clone()))),
            Say::new("{}").words(verdict),
            why,
        ]);
        listed.push((name.clone(), words));
        let told = Say::new("{} {}").words(name.clone()).words(verdict);
        let part = Part { wanted: Wanted::Truth(holds), told: Some(told), ..asking.part(name) };
        asking.answer(part, None, None);
    }
    let mut question = Say::new("Which of these always hold? {}");
    question.holes.push(Hole::Statements(listed));
    let headings = ["", "statement", "", "why"].map(Say::new).to_vec();
    let blocks = vec![Block::Table { headings, rows }];
    Ok(Told { title: "Each decided in a line", question, blocks, open: false })
}

/// The statement as the sheet has it.
fn said(asking: &mut Asking, statement: &Statement) -> Say {
    if let Some(words) = &statement.words {
        return Say::new("{}").words(words.value.clone());
    }
    match &statement.claim {
        Claim::Related(related) => match asking.sides(related) {
            Ok([left, right]) => {
                let sign = related.relation.into();
                Say::new("{}").formula(Formula::related(Formula::Node(left), sign, Formula::Node(right)))
            }
            Err(_) => Say::new("{}").words(format!(
                "{} = {}",
                crate::syntax::print_expression(&related.left),
                crate::syntax::print_expression(&related.right)
            )),
        },
        Claim::Property { of, property, wrt } => match (asking.node(of), asking.named(wrt)) {
            (Ok(of), Ok(wrt)) => Say::new("{} is {} in {}").node(of).words(property.value.clone()).node(wrt),
            _ => Say::new("{}").words(crate::syntax::print_expression(of)),
        },
        Claim::Independent { of, of_name } => match (asking.node(of), asking.named(of_name)) {
            (Ok(of), Ok(name)) => Say::new("{} does not depend on {}").node(of).node(name),
            _ => Say::new("{}").words(crate::syntax::print_expression(of)),
        },
        Claim::Shape { of, shape } => {
            let sides: Vec<String> = shape.value.iter().map(dim_text).collect();
            match asking.node(of) {
                Ok(of) => Say::new("{} is {}").node(of).words(sides.join(" × ")),
                Err(_) => Say::new("{}").words(crate::syntax::print_expression(of)),
            }
        }
    }
}

fn dim_text(dim: &ast::DimExpr) -> String {
    match dim {
        ast::DimExpr::Integer(number) => number.to_string(),
        ast::DimExpr::Name(name) => name.text.clone(),
        ast::DimExpr::Sum(all) => all.iter().map(dim_text).collect::<Vec<_>>().join(" + "),
        ast::DimExpr::Minus(inner) => format!("−{}", dim_text(inner)),
        ast::DimExpr::Product(all) => all.iter().map(dim_text).collect::<Vec<_>>().join("·"),
    }
}

pub(super) fn decide(asking: &mut Asking, claim: &Claim, statement: &Statement) -> Result<Decided, Vec<Diagnostic>> {
    match claim {
        Claim::Related(related) => match asking.sides(related) {
            Err(faults) => misshapen(faults),
            Ok([left, right]) if super::same_shape(asking, left, right, related.span).is_err() => {
                let graph = &asking.work.model.graph;
                let (one, two) = (graph.shape(left).to_string(), graph.shape(right).to_string());
                let why = Say::new("the left side is {} and the right side {}").words(one).words(two);
                Ok(Decided { holds: false, why })
            }
            Ok([left, right]) => equation(asking, left, related.relation, right),
        },
        Claim::Property { of, property, wrt } => {
            let wrt = asking.named(wrt)?;
            match asking.node(of) {
                Err(faults) => misshapen(faults),
                Ok(of) => match property.value.as_str() {
                    "convex" => curved(asking, of, wrt, Curvature::Convex),
                    "concave" => curved(asking, of, wrt, Curvature::Concave),
                    "affine" => curved(asking, of, wrt, Curvature::Affine),
                    "linear" => linear(asking, of, wrt),
                    other => Err(vec![
                        Diagnostic::error("E-task", format!("`{other}` is no property that can be decided"))
                            .at(property.span, "not known")
                            .help("there are `convex`, `concave`, `affine` and `linear`"),
                    ]),
                },
            }
        }
        Claim::Independent { of, of_name } => {
            let name = asking.named(of_name)?;
            match asking.node(of) {
                Err(faults) => misshapen(faults),
                Ok(of) => independent(asking, of, name),
            }
        }
        Claim::Shape { of, shape } => match asking.node(of) {
            Err(faults) => misshapen(faults),
            Ok(of) => {
                let own = asking.work.model.graph.shape(of).clone();
                let wanted: Option<Vec<Dim>> = shape.value.iter().map(|side| dim(asking, side)).collect();
                let Some(wanted) = wanted else {
                    return Err(vec![
                        Diagnostic::error("E-shape", "a size in it is not declared").at(statement.span, "here"),
                    ]);
                };
                let found = if own.is_scalar() { vec![Dim::one(); wanted.len()] } else { own.0.clone() };
                let why = match own.is_scalar() {
                    true => Say::new("it is a number"),
                    false => Say::new("it is {}").words(own.to_string().replace('x', "×")),
                };
                Ok(Decided { holds: found == wanted, why })
            }
        },
    }
}

fn dim(asking: &Asking, side: &ast::DimExpr) -> Option<Dim> {
    let sizes = &asking.work.model.sizes;
    Some(match side {
        ast::DimExpr::Integer(number) => Dim::integer(usize::try_from(*number).ok()?),
        ast::DimExpr::Name(name) => sizes.get(&name.text)?.clone(),
        ast::DimExpr::Sum(all) => all.iter().try_fold(Dim::integer(0), |sum, part| Some(sum.plus(&dim(asking, part)?)))?,
        ast::DimExpr::Minus(inner) => dim(asking, inner)?.times_integer(-1),
        ast::DimExpr::Product(all) => {
            all.iter().try_fold(Dim::one(), |product, part| Some(product.times(&dim(asking, part)?)))?
        }
    })
}

/// A statement whose shapes do not fit is false, for that reason; another fault is the author's.
fn misshapen(faults: Vec<Diagnostic>) -> Result<Decided, Vec<Diagnostic>> {
    let Some(misfit) = faults.iter().find(|fault| fault.code == "E-shape") else { return Err(faults) };
    let shapes: Vec<&str> = misfit.labels.iter().skip(1).filter_map(|label| label.text.rsplit("has shape ").next()).collect();
    let reason = if shapes.is_empty() { misfit.message.clone() } else { shapes.join(" and ") };
    let reason = reason.replace('`', "").replace(" x ", " × ");
    Ok(Decided { holds: false, why: Say::new("the shapes do not fit: {}").words(reason) })
}

fn equation(asking: &mut Asking, left: NodeId, relation: Relation, right: NodeId) -> Result<Decided, Vec<Diagnostic>> {
    match compare(&asking.work.model, left, relation, right) {
        Finding::Undefined => Err(asking.fault("no data were found at which both sides have a value", "")),
        Finding::Fails(example) => {
            let why = Say::new("{}: left {}, right {}")
                .hole(example_hole(&example))
                .formula(Formula::Value(example.left))
                .formula(Formula::Value(example.right));
            Ok(Decided { holds: false, why })
        }
        Finding::Holds(tries) => {
            let why = match relation {
                Relation::Equal => prove(asking, left, right).map(|links| reasons(&links)),
                Relation::LessEqual | Relation::Less => square(asking, right, left),
                Relation::GreaterEqual | Relation::Greater => square(asking, left, right),
                Relation::NotEqual => None,
            };
            asking.work.certify_equal(left, relation, right);
            Ok(Decided { holds: true, why: why.unwrap_or_else(|| sampled(tries)) })
        }
    }
}

fn sampled(tries: usize) -> Say {
    Say::new("not proved: it holds at {} sets of random data of several sizes and at small whole numbers").words(tries.to_string())
}

/// The reasons of a chain and the form that both sides come to.
fn reasons(links: &[crate::answer::told::Link]) -> Say {
    let mut all: Vec<Hole> = Vec::new();
    for link in links {
        let own = Hole::Say(Box::new(link.because.clone()));
        if !all.contains(&own) {
            all.push(own);
        }
    }
    match all.len() {
        0 => Say::new("both sides are one expression"),
        1 => Say { text: "{}", holes: all },
        2 => Say { text: "{}; {}", holes: all },
        3 => Say { text: "{}; {}; {}", holes: all },
        _ => Say { text: "{}; {}; {}; and so on", holes: all.into_iter().take(3).collect() },
    }
}

/// Why a difference is nowhere negative: its terms are squares and positive things.
fn square(asking: &mut Asking, larger: NodeId, smaller: NodeId) -> Option<Say> {
    let (larger, smaller) = (asking.opened_whole(larger, &[]), asking.opened_whole(smaller, &[]));
    let mut expander = Expander::new(&mut asking.work.model.graph);
    let difference = expander.poly(larger)?.plus(&expander.poly(smaller)?, &Number::integer(-1));
    let nonnegative = difference.terms.iter().all(|(product, coefficient)| {
        !coefficient.0.is_negative()
            && product.0.iter().all(|(factor, power)| power % 2 == 0 || expander.is_positive(factor) || factor.is_square())
    });
    nonnegative.then(|| Say::new("the difference is a sum of squares and of positive terms"))
}

pub(super) fn curved(asking: &mut Asking, of: NodeId, wrt: NodeId, wanted: Curvature) -> Result<Decided, Vec<Diagnostic>> {
    let (mut found, mut because) = curvature(&asking.work.model.graph, of, wrt);
    if found == Curvature::Unknown {
        // Terms may cancel.
        let opened = asking.opened_whole(of, &[wrt]);
        let out = super::optimum::tidy(asking, opened);
        (found, because) = curvature(&asking.work.model.graph, out, wrt);
        if found != Curvature::Unknown {
            asking.work.certify_equal(opened, Relation::Equal, out);
        }
    }
    // f((a + b)/2) against (f(a) + f(b))/2.
    let relation = match wanted {
        Curvature::Convex => Relation::LessEqual,
        Curvature::Concave => Relation::GreaterEqual,
        Curvature::Constant | Curvature::Affine | Curvature::Unknown => Relation::Equal,
    };
    let whole = asking.opened_whole(of, &[wrt]);
    let graph = &mut asking.work.model.graph;
    let stand_in = |graph: &mut crate::graph::Graph, name: &str| {
        let like = graph.as_leaf(wrt).cloned();
        let (shape, kind) = (graph.shape(wrt).clone(), crate::syntax::ast::LeafKind::Param);
        let one_hot_axis = like.as_ref().and_then(|leaf| leaf.one_hot_axis);
        let assumed = like.map_or(Vec::new(), |leaf| leaf.assumed.clone());
        graph.add_leaf(Leaf { name: name.to_string(), kind, shape, value: None, one_hot_axis, assumed, description: None })
    };
    let name = super::spelled(graph, wrt);
    let (a, b) = (stand_in(graph, &format!("{name}_1")), stand_in(graph, &format!("{name}_2")));
    let half = graph.number(Number::ratio(1, 2));
    let at = |graph: &mut crate::graph::Graph, place: NodeId| graph.replaced(whole, &HashMap::from([(wrt, place)]));
    let mean = |graph: &mut crate::graph::Graph, a: NodeId, b: NodeId| {
        let sum = graph.apply(Add, &[a, b]).ok()?;
        graph.apply(Scale, &[half, sum]).ok()
    };
    let Some(middle) = mean(graph, a, b) else { return Err(asking.fault("it can't be moved", "")) };
    let (one, two) = (at(graph, a), at(graph, b));
    let between = at(graph, middle);
    let Some(chord) = mean(graph, one, two) else { return Err(asking.fault("it can't be averaged", "")) };
    let finding = compare(&asking.work.model, between, relation, chord);
    let proved = match wanted {
        Curvature::Convex => matches!(found, Curvature::Convex | Curvature::Affine | Curvature::Constant),
        Curvature::Concave => matches!(found, Curvature::Concave | Curvature::Affine | Curvature::Constant),
        Curvature::Affine | Curvature::Constant | Curvature::Unknown => {
            matches!(found, Curvature::Affine | Curvature::Constant)
        }
    };
    Ok(match finding {
        // What is proved is not refuted by rounding.
        Finding::Fails(example) if !proved => Decided {
            holds: false,
            why: Say::new("{}: half way between it is {}, and the mean of both values is {}")
                .hole(example_hole(&example))
                .formula(Formula::Value(example.left))
                .formula(Formula::Value(example.right)),
        },
        Finding::Undefined => return Err(asking.fault("no data were found at which it has a value", "")),
        Finding::Holds(_) | Finding::Fails(_) if proved && because.is_empty() => {
            Decided { holds: true, why: Say::new("each entry is a sum of constants times entries of {}, and a constant").node(wrt) }
        }
        Finding::Holds(_) | Finding::Fails(_) if proved => Decided { holds: true, why: Say::new(because) },
        Finding::Fails(_) => Decided { holds: false, why: Say::new("") },
        Finding::Holds(tries) => Decided { holds: true, why: sampled(tries) },
    })
}

/// Affine, and 0 at 0.
fn linear(asking: &mut Asking, of: NodeId, wrt: NodeId) -> Result<Decided, Vec<Diagnostic>> {
    let affine = curved(asking, of, wrt, Curvature::Affine)?;
    if !affine.holds {
        return Ok(affine);
    }
    let whole = asking.opened_whole(of, &[wrt]);
    let graph = &mut asking.work.model.graph;
    let zero = graph.integer(0);
    let origin = graph.apply(Scale, &[zero, wrt]).unwrap_or(zero);
    let there = graph.replaced(whole, &HashMap::from([(wrt, origin)]));
    match compare(&asking.work.model, there, Relation::Equal, zero) {
        Finding::Fails(_) => {
            Ok(Decided { holds: false, why: Say::new("it is not 0 where {} is 0: it is affine").node(wrt) })
        }
        Finding::Holds(_) | Finding::Undefined => Ok(affine),
    }
}

fn independent(asking: &mut Asking, of: NodeId, name: NodeId) -> Result<Decided, Vec<Diagnostic>> {
    let whole = asking.opened_whole(of, &[name]);
    let graph = &mut asking.work.model.graph;
    if !graph.needed(&[whole])[name.place()] {
        return Ok(Decided { holds: true, why: Say::new("no path leads from {} to it").node(name) });
    }
    let shape = graph.shape(name).clone();
    let name_of_other = format!("{}_2", super::spelled(graph, name));
    let other = graph.add_leaf(Leaf::unknown(name_of_other, crate::syntax::ast::LeafKind::Param, shape));
    let moved = graph.replaced(whole, &HashMap::from([(name, other)]));
    match compare(&asking.work.model, whole, Relation::Equal, moved) {
        Finding::Undefined => Err(asking.fault("no data were found at which it has a value", "")),
        Finding::Fails(example) => Ok(Decided {
            holds: false,
            why: Say::new("{}: it is {}, and with {} in the place of {} it is {}")
                .hole(example_hole(&example))
                .formula(Formula::Value(example.left))
                .node(other)
                .node(name)
                .formula(Formula::Value(example.right)),
        }),
        Finding::Holds(tries) => {
            let why = prove(asking, whole, moved).map(|links| reasons(&links));
            Ok(Decided { holds: true, why: why.unwrap_or_else(|| sampled(tries)) })
        }
    }
}
