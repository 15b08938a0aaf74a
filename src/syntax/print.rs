//! Syntax trees as text of the language: read again, it gives the same tree.

mod plot;
mod question;

use super::ast::{
    AnswerTarget, BinaryOp, Binding, Case, DeriveTarget, DescendClause, DescendFrom, DescentRequest, DimDeclaration,
    DimExpr, Draw, DrawnKind, Expr, ExprId, ExprKind, FamilyName, FitRequest, Function, Given, LeafDeclaration,
    LeafKind, MarkingLine, ModelLine, Name, NamedOption, OptionValue, Parameter, Random, Relation, Repeat, Requirement,
    Spanned, Spec, SumIndex, Table, TargetKind, Task, VariantsLine,
};

/// How tightly an expression holds together; an operand that holds less is put in brackets.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Hold {
    Sum,
    Elementwise,
    Product,
    Sign,
    Transpose,
    Power,
    Primary,
}

/// What is still to be written, the next at the end.
enum Piece {
    Text(String),
    Node(ExprId, Hold),
}

/// An expression in one line. Nothing here recurses, so that a long sum can't overflow the stack.
pub fn print_expression(expr: &Expr) -> String {
    let mut text = String::new();
    let mut pieces = vec![Piece::Node(expr.root(), Hold::Sum)];
    while let Some(piece) = pieces.pop() {
        match piece {
            Piece::Text(piece) => text.push_str(&piece),
            Piece::Node(id, least) if hold(expr, id) < least => {
                pieces.extend([Piece::Text(")".into()), Piece::Node(id, Hold::Sum), Piece::Text("(".into())]);
            }
            Piece::Node(id, _) => pieces.extend(parts(expr, id).into_iter().rev()),
        }
    }
    text
}

fn hold(expr: &Expr, id: ExprId) -> Hold {
    match &expr.node(id).kind {
        ExprKind::Binary { op, .. } => match op {
            BinaryOp::Add | BinaryOp::Sub => Hold::Sum,
            BinaryOp::ElementwiseMul | BinaryOp::ElementwiseDiv => Hold::Elementwise,
            BinaryOp::Mul | BinaryOp::Div => Hold::Product,
            BinaryOp::Pow | BinaryOp::ElementwisePow => Hold::Power,
        },
        ExprKind::Sum { .. } => Hold::Sum,
        ExprKind::Negate(_) => Hold::Sign,
        ExprKind::Transpose(_) => Hold::Transpose,
        ExprKind::Number(_)
        | ExprKind::Name(_)
        | ExprKind::Call { .. }
        | ExprKind::Entry { .. }
        | ExprKind::Matrix(_)
        | ExprKind::Indicator { .. }
        | ExprKind::Cases(_)
        | ExprKind::Prime { .. }
        | ExprKind::Gradient { .. } => Hold::Primary,
    }
}

fn parts(expr: &Expr, id: ExprId) -> Vec<Piece> {
    let text = |text: &str| Piece::Text(text.to_owned());
    match &expr.node(id).kind {
        ExprKind::Number(number) => vec![text(number)],
        ExprKind::Name(name) => vec![Piece::Text(print_name(name))],
        ExprKind::Negate(operand) => vec![text("-"), Piece::Node(*operand, Hold::Sign)],
        ExprKind::Transpose(operand) => {
            let twice = matches!(expr.node(*operand).kind, ExprKind::Transpose(_));
            vec![Piece::Node(*operand, if twice { Hold::Transpose } else { Hold::Primary }), text("^T")]
        }
        ExprKind::Binary { op: op @ (BinaryOp::Pow | BinaryOp::ElementwisePow), left, right } => {
            power(expr, if *op == BinaryOp::Pow { "^" } else { ".^" }, *left, *right)
        }
        ExprKind::Binary { op, left, right } => {
            let (sign, left_least, right_least) = match op {
                BinaryOp::Add => (" + ", Hold::Sum, Hold::Elementwise),
                BinaryOp::Sub => (" - ", Hold::Sum, Hold::Elementwise),
                BinaryOp::ElementwiseMul => (" .* ", Hold::Elementwise, Hold::Sign),
                BinaryOp::ElementwiseDiv => (" ./ ", Hold::Elementwise, Hold::Sign),
                BinaryOp::Div => ("/", Hold::Product, Hold::Sign),
                BinaryOp::Mul | BinaryOp::Pow | BinaryOp::ElementwisePow => ("*", Hold::Product, Hold::Sign),
            };
            // What follows a quotient could be taken for a part of its divisor.
            let quotient =
                matches!(expr.node(*left).kind, ExprKind::Binary { op: BinaryOp::Div | BinaryOp::ElementwiseDiv, .. });
            let left_least = if quotient && left_least > Hold::Sum { Hold::Sign } else { left_least };
            vec![Piece::Node(*left, left_least), text(sign), Piece::Node(*right, right_least)]
        }
        ExprKind::Call { callee, arguments, options } => {
            let mut items: Vec<Vec<Piece>> = arguments.iter().map(|id| vec![Piece::Node(*id, Hold::Sum)]).collect();
            items.extend(options.iter().map(|option| vec![Piece::Text(print_option(option))]));
            enclosed(&format!("{}(", print_name(callee)), joined(items, ", "), ")")
        }
        ExprKind::Entry { of, indices } => {
            let items = indices.iter().map(|id| vec![Piece::Node(*id, Hold::Sum)]).collect();
            let mut pieces = bracketed_number(expr, *of);
            pieces.extend(enclosed("[", joined(items, ", "), "]"));
            pieces
        }
        ExprKind::Matrix(rows) => {
            let row = |row: &Vec<ExprId>| joined(row.iter().map(|id| cell(expr, *id)).collect(), " ");
            enclosed("[", joined(rows.iter().map(row).collect(), "; "), "]")
        }
        ExprKind::Indicator { relation, left, right } => vec![
            text("1["),
            Piece::Node(*left, Hold::Sum),
            text(relation_sign(*relation)),
            Piece::Node(*right, Hold::Sum),
            text("]"),
        ],
        ExprKind::Sum { fold, indices, body } => {
            let inner = matches!(expr.node(*body).kind, ExprKind::Sum { .. });
            folded(fold.operator(), indices, Piece::Node(*body, if inner { Hold::Sum } else { Hold::Elementwise }))
        }
        ExprKind::Cases(cases) => {
            enclosed("cases(", joined(cases.iter().map(|case| part(expr, case)).collect(), ", "), ")")
        }
        ExprKind::Prime { callee, primes, argument } => {
            let head = format!("{}{}(", print_name(callee), "'".repeat(*primes as usize));
            enclosed(&head, vec![Piece::Node(*argument, Hold::Sum)], ")")
        }
        ExprKind::Gradient { of, wrt } => vec![Piece::Text(format!("∂{}/∂{}", print_name(of), print_name(wrt)))],
    }
}

/// `sum_{i} body`, `sum_{i=1}^{N} body`; a sign for each index that has a range.
fn folded(operator: &str, indices: &[SumIndex], body: Piece) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for index in indices {
        match index.range {
            None => pieces.push(Piece::Text(format!("{operator}_{{{}}} ", index.name.value))),
            Some((from, to)) => {
                let head = format!("{operator}_{{{}=", index.name.value);
                pieces.extend(enclosed(&head, vec![Piece::Node(from, Hold::Sum)], "}^{"));
                pieces.extend([Piece::Node(to, Hold::Sum), Piece::Text("} ".to_owned())]);
            }
        }
    }
    pieces.push(body);
    pieces
}

/// `1 if Z > 0`; a condition that is no single indicator is compared with 0.
fn part(expr: &Expr, case: &Case) -> Vec<Piece> {
    let mut pieces = vec![Piece::Node(case.value, Hold::Sum)];
    match case.condition {
        None => pieces.push(Piece::Text(" otherwise".to_owned())),
        Some(condition) => pieces.extend(enclosed(" if ", truth(expr, condition), "")),
    }
    pieces
}

/// An indicator without its `1[ ]`; several that all have to hold with `and` between them.
fn truth(expr: &Expr, mut condition: ExprId) -> Vec<Piece> {
    let mut parts = Vec::new();
    loop {
        let (this, next) = match &expr.node(condition).kind {
            ExprKind::Binary { op: BinaryOp::ElementwiseMul, left, right } => (*right, Some(*left)),
            _ => (condition, None),
        };
        parts.push(match &expr.node(this).kind {
            ExprKind::Indicator { relation, left, right } => {
                let sign = Piece::Text(relation_sign(*relation).to_owned());
                vec![Piece::Node(*left, Hold::Sum), sign, Piece::Node(*right, Hold::Sum)]
            }
            _ => vec![Piece::Node(this, Hold::Sum), Piece::Text(" == 1".to_owned())],
        });
        match next {
            Some(next) => condition = next,
            None => break,
        }
    }
    parts.reverse();
    joined(parts, " and ")
}

/// `x^2`, `x^-1`, `x^y^z`, `x^(a + b)`
fn power(expr: &Expr, sign: &str, left: ExprId, right: ExprId) -> Vec<Piece> {
    let mut pieces = vec![Piece::Node(left, Hold::Primary), Piece::Text(sign.into())];
    let mut exponent = right;
    // The signs of an exponent stand without brackets.
    while let ExprKind::Negate(operand) = &expr.node(exponent).kind {
        pieces.push(Piece::Text("-".into()));
        exponent = *operand;
    }
    let exponent_piece = Piece::Node(exponent, Hold::Power);
    // `x^T` would be a transpose.
    if begins_with_t(expr, exponent) {
        pieces.extend(enclosed("(", vec![exponent_piece], ")"));
    } else {
        pieces.push(exponent_piece);
    }
    pieces
}

fn begins_with_t(expr: &Expr, mut id: ExprId) -> bool {
    loop {
        match &expr.node(id).kind {
            ExprKind::Name(name) | ExprKind::Call { callee: name, .. } => {
                return name.text == "T" && name.index.is_none();
            }
            ExprKind::Prime { callee, .. } => return callee.text == "T" && callee.index.is_none(),
            ExprKind::Binary { op: BinaryOp::Pow, left: first, .. } | ExprKind::Entry { of: first, .. } => id = *first,
            ExprKind::Binary { .. }
            | ExprKind::Transpose(_)
            | ExprKind::Negate(_)
            | ExprKind::Number(_)
            | ExprKind::Matrix(_)
            | ExprKind::Indicator { .. }
            | ExprKind::Sum { .. }
            | ExprKind::Cases(_)
            | ExprKind::Gradient { .. } => return false,
        }
    }
}

/// `(1)[i]`: `1[i]` would begin an indicator.
fn bracketed_number(expr: &Expr, id: ExprId) -> Vec<Piece> {
    let node = Piece::Node(id, Hold::Primary);
    match &expr.node(id).kind {
        ExprKind::Number(_) => enclosed("(", vec![node], ")"),
        _ => vec![node],
    }
}

/// A matrix's entry: what is more than a signed number, a fraction of numbers, a name or a call is put in brackets.
fn cell(expr: &Expr, id: ExprId) -> Vec<Piece> {
    let number = |id: ExprId| matches!(expr.node(id).kind, ExprKind::Number(_));
    let signed = |id: ExprId| number(id) || matches!(expr.node(id).kind, ExprKind::Negate(operand) if number(operand));
    let bare = match &expr.node(id).kind {
        ExprKind::Negate(_) => signed(id),
        ExprKind::Binary { op: BinaryOp::Div, left, right } => signed(*left) && number(*right),
        ExprKind::Binary { .. } | ExprKind::Transpose(_) | ExprKind::Entry { .. } | ExprKind::Sum { .. } => false,
        ExprKind::Number(_)
        | ExprKind::Name(_)
        | ExprKind::Call { .. }
        | ExprKind::Matrix(_)
        | ExprKind::Indicator { .. }
        | ExprKind::Cases(_)
        | ExprKind::Prime { .. }
        | ExprKind::Gradient { .. } => true,
    };
    let node = vec![Piece::Node(id, Hold::Sum)];
    if bare { node } else { enclosed("(", node, ")") }
}

fn enclosed(open: &str, mut inside: Vec<Piece>, close: &str) -> Vec<Piece> {
    inside.insert(0, Piece::Text(open.to_owned()));
    inside.push(Piece::Text(close.to_owned()));
    inside
}

fn joined(items: Vec<Vec<Piece>>, between: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            pieces.push(Piece::Text(between.to_owned()));
        }
        pieces.extend(item);
    }
    pieces
}

fn relation_sign(relation: Relation) -> &'static str {
    match relation {
        Relation::Greater => " > ",
        Relation::GreaterEqual => " >= ",
        Relation::Less => " < ",
        Relation::LessEqual => " <= ",
        Relation::Equal => " == ",
        Relation::NotEqual => " != ",
    }
}

fn print_option(option: &NamedOption) -> String {
    let value = match &option.value.value {
        OptionValue::Number(number) => number.clone(),
        OptionValue::Word(word) => word.clone(),
        OptionValue::List(items) => format!("({})", items.join(", ")),
    };
    format!("{} = {value}", option.name.value)
}

fn print_name(name: &Name) -> String {
    match &name.index {
        None => name.text.clone(),
        Some(index) if index.offset == 0 => format!("{}_{{{}}}", name.text, index.variable),
        Some(index) => format!("{}_{{{}{:+}}}", name.text, index.variable, index.offset),
    }
}

/// A whole problem.
pub fn print_spec(spec: &Spec) -> String {
    let mut page = Page(String::new());
    let title = spec.title.as_ref().map_or(String::new(), |title| format!(" \"{}\"", title.value));
    page.line(0, &format!("problem \"{}\"{title}", spec.id.value));
    if let Some(points) = &spec.points {
        page.line(0, &format!("points {}", points.value));
    }
    for setting in &spec.settings {
        page.line(0, &format!("{} {}", setting.key.value, setting.value.value));
    }
    for wording in &spec.wording {
        page.line(0, &format!("\n\"\"\"\n{}\n\"\"\"", wording.value));
    }
    if !spec.givens.is_empty() {
        page.line(0, "\ngiven");
        spec.givens.iter().for_each(|given| page.given(1, given));
    }
    if !spec.model.is_empty() || !spec.functions.is_empty() {
        page.line(0, "\nmodel");
        spec.functions.iter().for_each(|function| page.line(1, &print_function(function)));
        spec.model.iter().for_each(|line| page.model_line(1, line));
    }
    if !spec.tasks.is_empty() {
        page.line(0, "\ntasks");
        spec.tasks.iter().for_each(|task| page.line(1, &print_task(task)));
    }
    if !spec.marking.is_empty() {
        page.line(0, "\nmarking");
        spec.marking.iter().for_each(|line| page.line(1, &print_marking(line)));
    }
    if !spec.variants.is_empty() {
        page.line(0, "\nvariants");
        spec.variants.iter().for_each(|line| page.line(1, &print_variants(line)));
    }
    page.0
}

fn print_variants(line: &VariantsLine) -> String {
    match line {
        VariantsLine::Require(all) => format!("require {}", list(all, |one| print_requirement(&one.value))),
        VariantsLine::Differ(names) => format!("differ in {}", list(names, print_name)),
        VariantsLine::Alike(all) => format!("alike in {}", list(all, print_expression)),
    }
}

fn print_requirement(requirement: &Requirement) -> String {
    match requirement {
        Requirement::Integer(of) => format!("integer({})", print_expression(of)),
        Requirement::Distinct(of) => format!("distinct({})", print_expression(of)),
        Requirement::NoTies(of) => format!("no ties in {}", print_expression(of)),
        Requirement::Terminating => "answers terminate".to_string(),
        Requirement::Comparison { sides, relations } => {
            let signs = std::iter::once("").chain(relations.iter().map(|relation| relation_sign(*relation)));
            signs.zip(sides).map(|(sign, side)| format!("{sign}{}", print_expression(side))).collect()
        }
    }
}

fn print_random(random: &Random) -> String {
    let shape = random.shape.as_ref().map_or(String::new(), |shape| print_shape(shape) + " ");
    let draw = match &random.draw {
        Draw::Between { from, to, step: None } => format!("from {from} to {to}"),
        Draw::Between { from, to, step: Some(step) } => format!("from {from} to {to} step {step}"),
        Draw::Among(numbers) => format!("from {{{}}}", numbers.join(", ")),
        Draw::OneHot => "one-hot".to_string(),
        Draw::Permutation => "permutation".to_string(),
    };
    let kind = match random.kind {
        None => String::new(),
        Some(DrawnKind::Distinct) => " distinct".to_string(),
        Some(DrawnKind::Invertible) => " invertible".to_string(),
        Some(DrawnKind::Rank(rank)) => format!(" rank {rank}"),
    };
    format!("random {shape}{draw}{kind}")
}

fn print_shape(shape: &Spanned<Vec<DimExpr>>) -> String {
    let dims: Vec<String> = shape.value.iter().map(|dim| print_dim_expr(dim, false)).collect();
    dims.join(" x ")
}

fn print_function(function: &Function) -> String {
    let parameter = |own: &Parameter| match &own.default {
        Some(default) => format!("{} = {default}", print_name(&own.name)),
        None => print_name(&own.name),
    };
    let (name, parameters) = (print_name(&function.name), list(&function.parameters, parameter));
    format!("define {name}({parameters}) = {}", print_expression(&function.body))
}

fn print_marking(line: &MarkingLine) -> String {
    match line {
        MarkingLine::Accept(names) => {
            format!("accept {}", names.iter().map(|name| name.value.as_str()).collect::<Vec<_>>().join(", "))
        }
        MarkingLine::Tolerance { value, relative } => {
            format!("tolerance {}{}", value.value, if *relative { "%" } else { "" })
        }
        MarkingLine::Working(percent) => format!("working {}%", percent.value),
        MarkingLine::Digits(digits) => format!("digits {}", digits.value),
        MarkingLine::Keeps { mistake, percent } => format!("{} keeps {}%", mistake.value, percent.value),
    }
}

struct Page(String);

impl Page {
    fn line(&mut self, indentation: usize, text: &str) {
        self.0.push_str(&"  ".repeat(indentation));
        self.0.push_str(text);
        self.0.push('\n');
    }

    fn given(&mut self, indentation: usize, given: &Given) {
        match given {
            Given::Dims(dims) => self.line(indentation, &format!("dim {}", list(dims, print_dim))),
            Given::Layout(layout) => self.line(indentation, &format!("layout {}", layout.value)),
            Given::Leaves(leaves) => self.line(indentation, &print_leaves(leaves)),
            Given::Incoming { leaf, of } => self.line(
                indentation,
                &format!(
                    "gradient {} of {}{}",
                    print_name(&leaf.name),
                    print_name(of),
                    &print_leaf(leaf)[print_name(&leaf.name).len()..]
                ),
            ),
            Given::Data { columns, table, .. } => {
                let names = list(columns, print_name);
                self.line(
                    indentation,
                    &match table {
                        Table::Literal(matrix) => format!("data {names} = {}", print_expression(matrix)),
                        Table::File(file) => format!("data {names} from \"{}\"", file.value),
                    },
                );
            }
            Given::Repeat(repeat) => {
                self.line(indentation, &print_repeat(repeat));
                repeat.body.iter().for_each(|line| self.given(indentation + 1, line));
                self.line(indentation, "end");
            }
        }
    }

    fn model_line(&mut self, indentation: usize, line: &ModelLine) {
        match line {
            ModelLine::Definition { name, value, .. } => {
                self.line(indentation, &format!("{} = {}", print_name(name), print_expression(value)));
            }
            ModelLine::Repeat(repeat) => {
                self.line(indentation, &print_repeat(repeat));
                repeat.body.iter().for_each(|line| self.model_line(indentation + 1, line));
                self.line(indentation, "end");
            }
        }
    }
}

fn list<T>(items: &[T], print: impl Fn(&T) -> String) -> String {
    items.iter().map(print).collect::<Vec<_>>().join(", ")
}

fn print_dim(dim: &DimDeclaration) -> String {
    let value = dim.value.as_ref().map_or(String::new(), |value| format!(" = {}", value.value));
    format!("{}{value}", print_name(&dim.name))
}

fn print_leaves(leaves: &[LeafDeclaration]) -> String {
    let kind = leaves.first().map_or("input", |leaf| match leaf.kind {
        LeafKind::Input => "input",
        LeafKind::Target => "target",
        LeafKind::Param => "param",
        LeafKind::Const => "const",
    });
    format!("{kind} {}", list(leaves, print_leaf))
}

fn print_leaf(leaf: &LeafDeclaration) -> String {
    let mut text = print_name(&leaf.name);
    if let Some(shape) = &leaf.shape {
        text += &format!(": {}", print_shape(shape));
    }
    for property in &leaf.properties {
        text += &format!(" {}", property.value);
    }
    if let Some(description) = &leaf.description {
        text += &format!(" \"{description}\"");
    }
    if let Some(value) = &leaf.value {
        text += &format!(" = {}", print_expression(value));
    }
    if let Some(random) = &leaf.random {
        text += &format!(" = {}", print_random(random));
    }
    if !leaf.aliases.is_empty() {
        text += &format!(" also known as {}", list(&leaf.aliases, print_name));
    }
    text
}

/// A dimension; inside a product, sums and products are bracketed.
fn print_dim_expr(dim: &DimExpr, factor: bool) -> String {
    let product = |parts: &[DimExpr]| {
        let inner: Vec<String> = parts.iter().map(|part| print_dim_expr(part, true)).collect();
        if factor { format!("({})", inner.join("*")) } else { inner.join("*") }
    };
    let sum = |parts: &[DimExpr]| {
        let signed = |(place, part): (usize, &DimExpr)| match part {
            DimExpr::Minus(part) => format!(" - {}", print_dim_expr(part, true)),
            part if place == 0 => print_dim_expr(part, true),
            part => format!(" + {}", print_dim_expr(part, true)),
        };
        parts.iter().enumerate().map(signed).collect::<String>()
    };
    match dim {
        DimExpr::Integer(value) => value.to_string(),
        DimExpr::Name(name) => print_name(name),
        DimExpr::Sum(parts) => format!("({})", sum(parts)),
        DimExpr::Minus(part) => format!("-{}", print_dim_expr(part, true)),
        DimExpr::Product(parts) => product(parts),
    }
}

fn print_repeat<L>(repeat: &Repeat<L>) -> String {
    let bound = |dim: &DimExpr| print_dim_expr(dim, false);
    format!("repeat {} = {} to {}", repeat.variable.value, bound(&repeat.from.value), bound(&repeat.to.value))
}

/// A line of the section `tasks`.
pub fn print_task(task: &Task) -> String {
    let points = task.points.as_ref().map_or(String::new(), |points| format!(" [{} points]", points.value));
    format!("{}{points}", question::print_question(&task.question))
}

/// What a descent is told.
fn print_descent(request: &DescentRequest) -> String {
    let start = |start: &DescendFrom| match &start.start {
        // What is no single operand was read in brackets.
        Some(from) if from.nodes.len() > 1 && !matches!(from.node(from.root()).kind, ExprKind::Matrix(_)) => {
            format!("{} from ({})", print_name(&start.name), print_expression(from))
        }
        Some(from) => format!("{} from {}", print_name(&start.name), print_expression(from)),
        None => print_name(&start.name),
    };
    let of = request.of.as_ref().map_or(String::new(), |of| format!(" of {}", print_name(of)));
    let clauses: String = request.clauses.iter().map(|clause| format!(" {}", print_clause(&clause.value))).collect();
    format!("{}{of}{clauses}", list(&request.starts, start))
}

fn print_fit(request: &FitRequest) -> String {
    let range = |(from, to): &(Spanned<String>, Option<Spanned<String>>)| match to {
        Some(to) => format!("{} to {}", from.value, to.value),
        None => from.value.clone(),
    };
    let family = |family: &Spanned<FamilyName>| match &family.value {
        FamilyName::Word(word) => word.clone(),
        FamilyName::Polynomial { from, to } => format!("polynomial degree {}", range(&(from.clone(), to.clone()))),
    };
    let held_out = match request.held_out.as_slice() {
        [] => String::new(),
        rows => format!(" hold out rows {}", list(rows, range)),
    };
    format!("{}{held_out}", list(&request.by, family))
}

fn print_clause(clause: &DescendClause) -> String {
    let number = |number: &Spanned<String>| number.value.clone();
    match clause {
        DescendClause::Rates(rates) if rates.len() == 1 => format!("rate {}", list(rates, number)),
        DescendClause::Rates(rates) => format!("rates {}", list(rates, number)),
        DescendClause::Until { names, below } => format!("until |{}| < {}", list(names, print_name), below.value),
        DescendClause::Steps(steps) => format!("for {} steps", steps.value),
        DescendClause::Method { name, numbers } => {
            let numbers: String = numbers.iter().map(|number| format!(" {}", number.value)).collect();
            format!("{}{numbers}", name.value)
        }
        DescendClause::Decay(factor) => format!("decay {}", factor.value),
        DescendClause::Batch(size) => format!("batch {}", size.value),
        DescendClause::Shuffled(seed) => format!("shuffled by {}", seed.value),
        DescendClause::Stochastic => "stochastic".to_owned(),
    }
}

fn print_point(bindings: &[Binding]) -> String {
    let binding = |binding: &Binding| format!("{} = {}", print_name(&binding.name), print_expression(&binding.value));
    bindings.iter().map(binding).collect::<Vec<_>>().join(" and ")
}

fn print_target(target: &DeriveTarget) -> String {
    if target.entry.is_empty() {
        return print_name(&target.name);
    }
    let entry: Vec<&str> = target.entry.iter().map(|index| index.value.as_str()).collect();
    format!("{}[{}]", print_name(&target.name), entry.join(", "))
}

/// What an answer is given to, as plain answers write it: `dW[1, 2] of L2`, `L at a = 8`, `shape of J`.
pub fn print_answer_target(target: &AnswerTarget) -> String {
    let name = DeriveTarget { name: target.name.clone(), entry: target.entry.clone() };
    let mut text = match target.kind {
        TargetKind::Plain => print_target(&name),
        TargetKind::Jacobian => format!("jacobian of {}", print_target(&name)),
        TargetKind::Hessian => format!("hessian of {}", print_target(&name)),
        TargetKind::Directional => format!("directional of {}", print_target(&name)),
        TargetKind::Shape => format!("shape of {}", print_target(&name)),
        TargetKind::Update => format!("update {}", print_target(&name)),
    };
    if !target.arguments.is_empty() {
        text += &format!("({})", list(&target.arguments, print_expression));
    }
    if let Some(of) = &target.of {
        text += &format!(" of {}", print_name(of));
    }
    if let Some(task) = target.task {
        text += &format!(" of task {task}");
    }
    if !target.wrt.is_empty() {
        let joint = if target.kind == TargetKind::Plain { "of" } else { "wrt" };
        text += &format!(" {joint} {}", list(&target.wrt, print_name));
    }
    if let Some(layout) = &target.layout {
        text += &format!(" layout {layout}");
    }
    if !target.at.is_empty() {
        text += &format!(" at {}", print_point(&target.at));
    }
    text
}
