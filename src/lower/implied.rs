//! What a sheet takes for granted: sizes that stand in shapes alone, the number π, a class that is an index.

use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::syntax::ast::{
    BinaryOp, DimDeclaration, DimExpr, Expr, ExprId, ExprKind, ExprNode, Given, LeafDeclaration, LeafKind, ModelLine,
    Name, Part, Spanned, Spec, Task,
};
use crate::syntax::names::key;
use crate::syntax::{compact, read_expression};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// To as many digits as a double has.
const PI: &str = "3.141592653589793";

/// The file with what it takes for granted.
pub(super) struct Granted<'a> {
    pub spec: Cow<'a, Spec>,
    /// What of it the author should know.
    pub told: Vec<Diagnostic>,
    /// The keys of names that stood as an index.
    pub used: Vec<String>,
}

pub(super) fn granted(spec: &Spec) -> Granted<'_> {
    let declared = super::define::declared(spec);
    let (mut granted, mut told, mut used) = (Cow::Borrowed(spec), Vec::new(), Vec::new());
    arriving(&mut granted, spec);
    let spec = granted.clone();
    let spec = spec.as_ref();
    let classes = classes(spec);
    let vectors = vectors(spec);
    if let Some(span) = exprs(spec).find_map(|expr| name_in(expr, "pi")).filter(|_| !declared.contains("pi")) {
        let name = Name { text: "pi".to_string(), index: None, span };
        if let Ok(value) = read_expression(PI) {
            granted.to_mut().givens.push(Given::Leaves(vec![constant(name, value.value)]));
        }
    }
    let has_e = exprs(spec).any(|expr| name_in(expr, "e").is_some());
    if !classes.is_empty() || !vectors.is_empty() || has_e {
        let mut lines: Vec<&mut ModelLine> = granted.to_mut().model.iter_mut().collect();
        while let Some(line) = lines.pop() {
            match line {
                ModelLine::Definition { value, .. } => {
                    used.extend(put_in(value, &classes));
                    as_loss(value, &vectors);
                    if !declared.contains("e") {
                        as_exponentials(value);
                    }
                }
                ModelLine::Repeat(repeat) => lines.extend(&mut repeat.body),
            }
        }
    }
    if !spec.givens.iter().any(|given| matches!(given, Given::Dims(_)))
        && let (names, Some(place)) = sizes(spec, &declared)
    {
        let list: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
        let message = "names that stand in shapes alone are sizes";
        told.push(Diagnostic::note("N-dims", message).at(place, "here").help(format!("`dim {}`", list.join(", "))));
        let dims = names.into_iter().map(|name| DimDeclaration { name, value: None }).collect();
        granted.to_mut().givens.insert(0, Given::Dims(dims));
    }
    for name in open_rates(spec).filter(|name| !declared.contains(&key(&name.text))) {
        let rate = read_expression("1").map(|one| LeafDeclaration { value: None, ..constant(name.clone(), one.value) });
        granted.to_mut().givens.extend(rate.ok().map(|rate| Given::Leaves(vec![rate])));
    }
    Granted { spec: granted, told, used }
}

/// The rates that are sought: `for which eta does descent converge` needs no line that declares it.
fn open_rates(spec: &Spec) -> impl Iterator<Item = &Name> {
    let mut seen = BTreeSet::new();
    fn rate(task: &Task) -> Option<&Name> {
        match task.question.parts.first() {
            Some(Part::Names(names)) if task.question.kind == "for which" => names.first(),
            _ => None,
        }
    }
    spec.tasks.iter().filter_map(rate).filter(move |name| seen.insert(key(&name.text)))
}

/// `dY = [1 2; 3 4]` where `Y` is a line of the model: a gradient that arrives there.
fn arriving(granted: &mut Cow<'_, Spec>, spec: &Spec) {
    let lines: BTreeMap<String, &Name> = spec
        .model
        .iter()
        .filter_map(|line| match line {
            ModelLine::Definition { name, .. } => Some((key(&name.text), name)),
            ModelLine::Repeat(_) => None,
        })
        .collect();
    let of = |leaf: &LeafDeclaration| {
        let line = lines.get(key(&leaf.name.text).strip_prefix('d')?)?;
        let plain = leaf.kind != LeafKind::Param && leaf.name.index.is_none() && leaf.properties.is_empty();
        (plain && leaf.value.is_some()).then(|| (*line).clone())
    };
    let found: Vec<(LeafDeclaration, Name)> = spec
        .givens
        .iter()
        .filter_map(|given| match given {
            Given::Leaves(leaves) => Some(leaves),
            _ => None,
        })
        .flatten()
        .filter_map(|leaf| Some((leaf.clone(), of(leaf)?)))
        .collect();
    if found.is_empty() {
        return;
    }
    let givens = &mut granted.to_mut().givens;
    let is_found = |name: &Name| found.iter().any(|(leaf, _)| leaf.name.text == name.text);
    for given in givens.iter_mut() {
        if let Given::Leaves(leaves) = given {
            leaves.retain(|leaf| !is_found(&leaf.name));
        }
    }
    givens.retain(|given| match given {
        Given::Leaves(leaves) => !leaves.is_empty(),
        // Its value stands elsewhere.
        Given::Incoming { leaf, .. } => !(is_found(&leaf.name) && leaf.value.is_none()),
        _ => true,
    });
    givens.extend(
        found.into_iter().map(|(leaf, of)| Given::Incoming { leaf: LeafDeclaration { shape: None, ..leaf }, of }),
    );
}

fn constant(name: Name, value: Expr) -> LeafDeclaration {
    LeafDeclaration {
        kind: LeafKind::Const,
        span: name.span,
        name,
        shape: None,
        properties: Vec::new(),
        value: Some(value),
        random: None,
        description: None,
        aliases: Vec::new(),
    }
}

/// Everything that is computed with.
fn exprs(spec: &Spec) -> impl Iterator<Item = &Expr> {
    let mut lines: Vec<&ModelLine> = spec.model.iter().collect();
    let mut found: Vec<&Expr> = spec.leaves().into_iter().filter_map(|leaf| leaf.value.as_ref()).collect();
    while let Some(line) = lines.pop() {
        match line {
            ModelLine::Definition { value, .. } => found.push(value),
            ModelLine::Repeat(repeat) => lines.extend(&repeat.body),
        }
    }
    found.into_iter()
}

fn name_in(expr: &Expr, wanted: &str) -> Option<Span> {
    expr.nodes.iter().find_map(|node| match &node.kind {
        ExprKind::Name(name) if name.index.is_none() && key(&name.text) == wanted => Some(name.span),
        _ => None,
    })
}

/// Whole numbers that are given by name.
fn classes(spec: &Spec) -> BTreeMap<String, String> {
    let whole = |leaf: &LeafDeclaration| match leaf.value.as_ref()?.nodes.as_slice() {
        [ExprNode { kind: ExprKind::Number(text), .. }] => text.parse::<u32>().ok().map(|_| text.clone()),
        _ => None,
    };
    spec.leaves()
        .into_iter()
        .filter(|leaf| leaf.kind != LeafKind::Param && leaf.name.index.is_none())
        .filter_map(|leaf| Some((key(&leaf.name.text), whole(leaf)?)))
        .collect()
}

/// One-hot vectors of a single example.
fn vectors(spec: &Spec) -> BTreeSet<String> {
    let is_vector = |shape: &[DimExpr]| matches!(shape, [_] | [DimExpr::Integer(1), _] | [_, DimExpr::Integer(1)]);
    let leaves = spec.leaves().into_iter().filter(|leaf| {
        let one_hot = leaf.properties.iter().any(|property| property.value == "one-hot");
        one_hot && leaf.shape.as_ref().is_some_and(|shape| is_vector(&shape.value))
    });
    leaves.map(|leaf| key(&leaf.name.text)).collect()
}

/// `-log(p[o])` of a one-hot vector as what it is, the cross-entropy.
fn as_loss(expr: &mut Expr, vectors: &BTreeSet<String>) {
    let kind = |place: usize| &expr.nodes[place].kind;
    let loss = |place: usize| {
        let ExprKind::Negate(logarithm) = kind(place) else { return None };
        let ExprKind::Call { callee, arguments, options } = kind(logarithm.0 as usize) else { return None };
        let [entry] = arguments.as_slice() else { return None };
        let ExprKind::Entry { of, indices } = kind(entry.0 as usize) else { return None };
        let [class] = indices.as_slice() else { return None };
        let ExprKind::Name(name) = kind(class.0 as usize) else { return None };
        let fits = ["log", "ln"].contains(&callee.text.as_str()) && options.is_empty();
        let callee = Name { text: "ce".to_string(), ..callee.clone() };
        (fits && vectors.contains(&key(&name.text))).then(|| ExprKind::Call {
            callee,
            arguments: vec![*of, *class],
            options: Vec::new(),
        })
    };
    let losses: Vec<(usize, ExprKind)> = (0..expr.nodes.len()).filter_map(|at| Some((at, loss(at)?))).collect();
    if losses.is_empty() {
        return;
    }
    for (place, kind) in losses {
        expr.nodes[place].kind = kind;
    }
    *expr = compact(&expr.nodes, ExprId(expr.nodes.len() as u32 - 1));
}

/// `e^x` as the exponential that it is.
fn as_exponentials(expr: &mut Expr) {
    let is_e = |id: &ExprId| match &expr.node(*id).kind {
        ExprKind::Name(name) => (name.index.is_none() && name.text == "e").then_some(name.span),
        _ => None,
    };
    let powers: Vec<(usize, ExprId, Span)> = (0..expr.nodes.len())
        .filter_map(|place| match &expr.nodes[place].kind {
            ExprKind::Binary { op: BinaryOp::Pow | BinaryOp::ElementwisePow, left, right } => {
                Some((place, *right, is_e(left)?))
            }
            _ => None,
        })
        .collect();
    if powers.is_empty() {
        return;
    }
    for (place, exponent, span) in powers {
        let callee = Name { text: "exp".to_string(), index: None, span };
        expr.nodes[place].kind = ExprKind::Call { callee, arguments: vec![exponent], options: Vec::new() };
    }
    *expr = compact(&expr.nodes, ExprId(expr.nodes.len() as u32 - 1));
}

/// `p[o]` with the number that `o` is; the keys of those that were put in.
fn put_in(expr: &mut Expr, classes: &BTreeMap<String, String>) -> Vec<String> {
    let mut used = Vec::new();
    let indices: Vec<usize> = expr
        .nodes
        .iter()
        .filter_map(|node| match &node.kind {
            ExprKind::Entry { indices, .. } => Some(indices.iter().map(|id| id.0 as usize)),
            _ => None,
        })
        .flatten()
        .collect();
    for place in indices {
        if let ExprKind::Name(name) = &expr.nodes[place].kind
            && let Some(number) = classes.get(&key(&name.text)).filter(|_| name.index.is_none())
        {
            used.push(key(&name.text));
            expr.nodes[place].kind = ExprKind::Number(number.clone());
        }
    }
    used
}

/// The names in shapes that nothing else is called, each once, and where the first stands.
fn sizes(spec: &Spec, declared: &BTreeSet<String>) -> (Vec<Name>, Option<Span>) {
    let mut seen = BTreeSet::new();
    let mut names = Vec::new();
    for shape in spec.leaves().into_iter().filter_map(|leaf| leaf.shape.as_ref()) {
        let mut inside = Vec::new();
        let Spanned { value: sides, .. } = shape;
        sides.iter().for_each(|side| super::dims::names_in(side, &mut inside));
        let new = inside.into_iter().filter(|name| name.index.is_none() && !declared.contains(&key(&name.text)));
        names.extend(new.filter(|name| seen.insert(key(&name.text))).cloned());
    }
    let place = names.first().map(|name| name.span);
    (names, place)
}
