//! `define f(x) = …`: functions of the author's own, and the library that is written in the same way. A call becomes
//! the body with its arguments put in, before anything else is done: the derivation is that of the body.

use crate::diagnostic::Diagnostic;
use crate::limits::EXPRESSION_OPERATORS;
use crate::span::Span;
use crate::syntax::ast::{
    BinaryOp, Claim, Expr, ExprId, ExprKind, ExprNode, Function, Given, ModelLine, Name, NamedOption, OptionValue,
    Part, Sign, Spec,
};
use crate::syntax::names::key;
use crate::syntax::{compact, map_operands, read_expression, read_spec};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, OnceLock};

const LIBRARY: &str = include_str!("library.def");

/// The axis of softmax and losses, and the other one: by the layout, and along a vector that has one side only.
pub(super) const ALONG: &str = "along";
pub(super) const ACROSS: &str = "across";

/// Functions of one name: their text, and what it says once one of them is called.
type Written = (String, OnceLock<Vec<Function>>);

static LIBRARY_FUNCTIONS: LazyLock<BTreeMap<&'static str, Written>> = LazyLock::new(|| {
    let mut by_name: BTreeMap<&str, Written> = BTreeMap::new();
    for line in LIBRARY.lines() {
        if let Some((name, _)) = line.strip_prefix("define ").and_then(|rest| rest.split_once('(')) {
            let (text, _) = by_name.entry(name).or_default();
            text.extend([line, "\n"]);
        }
    }
    by_name
});

/// The names of the library.
pub fn library() -> impl Iterator<Item = &'static str> {
    LIBRARY_FUNCTIONS.keys().copied()
}

/// The library's functions of a name.
fn in_library(name: &str) -> Option<&'static [Function]> {
    let (text, functions) = LIBRARY_FUNCTIONS.get(name)?;
    let read = || {
        let spec = read_spec(&format!("problem \"library\"\nmodel\n{text}\ntasks\n  compute x\n"));
        spec.map(|spec| spec.value.functions).unwrap_or_default()
    };
    Some(functions.get_or_init(read))
}

/// What the language's reference says of the library: how a function is called, what it is, how it is written.
pub fn library_reference() -> impl Iterator<Item = [&'static str; 3]> {
    let mut summary = "";
    LIBRARY.lines().filter_map(move |line| {
        if let Some(comment) = line.strip_prefix("# ") {
            summary = comment;
        }
        let (head, body) = line.strip_prefix("define ")?.split_once(") = ")?;
        Some([&LIBRARY[offset(head)..offset(head) + head.len() + 1], summary, body])
    })
}

/// Where a part of the library stands in it.
fn offset(part: &'static str) -> usize {
    part.as_ptr() as usize - LIBRARY.as_ptr() as usize
}

/// Whether a call leads from a function's body back to it.
fn uses_itself(functions: &[Function], start: usize) -> bool {
    let called = |from: &Function| -> Vec<usize> {
        let calls = from.body.nodes.iter().filter_map(|node| match &node.kind {
            ExprKind::Call { callee, arguments, options } => Some((&callee.text, arguments.len() + options.len())),
            _ => None,
        });
        let to = |(name, given): (&String, usize)| {
            let fits = |own: &Function| {
                let needed = own.parameters.iter().filter(|parameter| parameter.default.is_none()).count();
                own.name.text == *name && (needed..=own.parameters.len()).contains(&given)
            };
            functions.iter().position(fits)
        };
        calls.filter_map(to).collect()
    };
    let (mut seen, mut waiting) = (BTreeSet::new(), called(&functions[start]));
    while let Some(next) = waiting.pop() {
        if seen.insert(next) {
            waiting.extend(called(&functions[next]));
        }
    }
    seen.contains(&start)
}

/// Functions by name and number of arguments; names of the problem's own stand for themselves.
#[derive(Clone, Debug, Default)]
pub(super) struct Functions {
    /// An author's functions take the place of the library's.
    own: BTreeMap<String, Vec<Function>>,
    /// Names that the problem gives another meaning.
    taken: BTreeSet<String>,
}

impl Functions {
    /// The library and what a problem defines; a body may use what is defined before it.
    pub fn of(spec: &Spec) -> Result<Functions, Vec<Diagnostic>> {
        let mut functions = Functions { taken: declared(spec), ..Functions::default() };
        let mut errors = Vec::new();
        for own in &spec.functions {
            if functions.taken.contains(&key(&own.name.text)) {
                let message = format!("`{}` is a value and a function", own.name.text);
                errors.push(Diagnostic::error("E-duplicate", message).at(own.name.span, "give it another name"));
            }
        }
        for own in (0..spec.functions.len()).filter(|own| uses_itself(&spec.functions, *own)) {
            let name = &spec.functions[own].name;
            let error = Diagnostic::error("E-depth", format!("`{}` uses itself", name.text));
            let error = error.at(name.span, "its body would have no end");
            errors.push(error.help("write the steps with `repeat k = 1 to 3 … end`, or give it a body of its own"));
        }
        for function in &spec.functions {
            functions.own.entry(function.name.text.clone()).or_default().push(function.clone());
        }
        if errors.is_empty() { Ok(functions) } else { Err(errors) }
    }

    fn find(&self, name: &Name, arguments: usize, options: &[NamedOption]) -> Option<Result<&Function, Diagnostic>> {
        if name.index.is_some() || self.taken.contains(&key(&name.text)) {
            return None;
        }
        let known = self.own.get(&name.text).map(Vec::as_slice).or_else(|| in_library(&name.text))?;
        let takes = |function: &&Function| {
            let named = |option: &NamedOption| function.parameters.iter().any(|own| own.name.text == option.name.value);
            let given = |own: &Name| options.iter().any(|option| option.name.value == own.text);
            let open = function.parameters.iter().filter(|own| own.default.is_none() && !given(&own.name)).count();
            options.iter().all(named) && open == arguments
        };
        if let Some(function) = known.iter().find(takes) {
            return Some(Ok(function));
        }
        // `max(A, axis = 0)` is the operator's.
        if super::operators::names_operator(&name.text) || super::famous::is_known(&name.text, arguments) {
            return None;
        }
        let forms: Vec<String> = known.iter().map(|function| format!("`{}`", head(function))).collect();
        let error = Diagnostic::error("E-arguments", format!("`{}` is called otherwise", name.text));
        let error = error.at(name.span, "called here").help(format!("write {}", forms.join(" or ")));
        let mean = options.iter().any(|option| option.name.value == "reduce");
        Some(Err(if mean {
            error.help("it is summed; the mean over the examples is that by `/rows(…)`")
        } else {
            error
        }))
    }

    fn is_function(&self, name: &str) -> bool {
        self.own.contains_key(name) || LIBRARY_FUNCTIONS.contains_key(name)
    }

    /// Calls of operators in other letters, `ReLU(z)`, by their names, where nothing else is called so.
    fn spelled(&self, expr: &mut Expr) -> bool {
        let mut changed = false;
        for node in &mut expr.nodes {
            let ExprKind::Call { callee, .. } = &mut node.kind else { continue };
            let known = |name: &str| super::operators::names_operator(name) || self.is_function(name);
            if callee.index.is_some() || known(&callee.text) || self.taken.contains(&key(&callee.text)) {
                continue;
            }
            let lower = callee.text.to_lowercase();
            let one = [lower.clone(), lower.replace('_', "")].into_iter().find(|name| known(name));
            if let Some(name) = one.filter(|_| callee.text.chars().count() > 2) {
                callee.text = name;
                changed = true;
            }
        }
        changed
    }

    /// An expression without calls of defined functions.
    pub fn expand<'e>(&self, expr: &'e Expr) -> Result<Cow<'e, Expr>, Diagnostic> {
        let is_call = |node: &ExprNode| match &node.kind {
            ExprKind::Call { callee, .. } => self.is_function(&callee.text),
            _ => false,
        };
        let mut current = Cow::Borrowed(expr);
        // A body may call others; each round puts in one level.
        for _ in 0..DEEPEST {
            if !current.nodes.iter().any(is_call) {
                return Ok(current);
            }
            let (next, changed) = self.level(&current)?;
            current = Cow::Owned(next);
            if !changed {
                return Ok(current);
            }
        }
        let message = format!("functions that use each other more than {DEEPEST} deep");
        Err(Diagnostic::error("E-depth", message).at(expr.span(), "here").help("no function may use itself"))
    }

    fn level(&self, expr: &Expr) -> Result<(Expr, bool), Diagnostic> {
        let mut nodes: Vec<ExprNode> = Vec::with_capacity(expr.nodes.len());
        let mut new: Vec<ExprId> = Vec::with_capacity(expr.nodes.len());
        let mut changed = false;
        for node in &expr.nodes {
            let kind = map_operands(&node.kind, &mut |id| new[id.0 as usize]);
            let found = match &kind {
                ExprKind::Call { callee, arguments, options } => self
                    .find(callee, arguments.len(), options)
                    .transpose()?
                    .map(|function| (function, arguments, options)),
                _ => None,
            };
            match found {
                Some((function, arguments, options)) => {
                    self.put_in(function, arguments, options, node.span, &mut nodes)?;
                    changed = true;
                }
                None => nodes.push(ExprNode { kind, ..node.clone() }),
            }
            if nodes.len() > 4 * EXPRESSION_OPERATORS {
                let message =
                    format!("with its functions written out this has more than {EXPRESSION_OPERATORS} operators");
                return Err(Diagnostic::error("E-limit", message).at(node.span, "here"));
            }
            new.push(ExprId(nodes.len() as u32 - 1));
        }
        let root = new.last().copied().unwrap_or(ExprId(0));
        Ok((compact(&nodes, root), changed))
    }

    /// The body, with a copy of an argument wherever a parameter stands.
    fn put_in(
        &self,
        function: &Function,
        arguments: &[ExprId],
        options: &[NamedOption],
        span: Span,
        nodes: &mut Vec<ExprNode>,
    ) -> Result<(), Diagnostic> {
        let mut bound: BTreeMap<&str, Bound> = BTreeMap::new();
        let mut positional = arguments.iter();
        for parameter in &function.parameters {
            let name = parameter.name.text.as_str();
            let option = options.iter().find(|option| option.name.value == name);
            let value = match (option, &parameter.default) {
                (Some(option), _) => Bound::Option(option.value.value.clone()),
                (None, Some(default)) => Bound::Option(self.word(default)),
                (None, None) => match positional.next() {
                    Some(argument) => Bound::Tree(compact(nodes, *argument)),
                    None => continue,
                },
            };
            bound.insert(name, value);
        }
        let mut new: Vec<ExprId> = Vec::with_capacity(function.body.nodes.len());
        for node in &function.body.nodes {
            let kind = map_operands(&node.kind, &mut |id| new[id.0 as usize]);
            let written = node.written;
            let placed = match kind {
                ExprKind::Name(name) if name.index.is_none() && bound.contains_key(name.text.as_str()) => {
                    bound[name.text.as_str()].place(nodes, span)?
                }
                // `x(1 - x)` of a parameter is a product.
                ExprKind::Call { callee, arguments, .. }
                    if bound.contains_key(callee.text.as_str()) && arguments.len() == 1 =>
                {
                    let left = bound[callee.text.as_str()].place(nodes, span)?;
                    push(nodes, ExprKind::Binary { op: BinaryOp::Mul, left, right: arguments[0] }, span, Sign::Star)
                }
                ExprKind::Call { mut callee, arguments, options } => {
                    callee.span = span;
                    let options = options.into_iter().filter_map(|option| self.option(option, &bound)).collect();
                    push(nodes, ExprKind::Call { callee, arguments, options }, span, written.sign)
                }
                ExprKind::Name(name) => push(nodes, ExprKind::Name(Name { span, ..name }), span, written.sign),
                kind => push(nodes, kind, span, written.sign),
            };
            if let Some(last) = nodes.get_mut(placed.0 as usize) {
                last.written.bracketed |= written.bracketed;
            }
            new.push(placed);
        }
        if let Some(last) = nodes.last_mut() {
            last.written.bracketed = true;
        }
        Ok(())
    }

    /// A default: a number, or a word that the call itself resolves ([`ALONG`], [`ACROSS`]).
    fn word(&self, text: &str) -> OptionValue {
        match text {
            word if word.starts_with(|c: char| c.is_ascii_alphabetic()) => OptionValue::Word(word.to_string()),
            number => OptionValue::Number(number.to_string()),
        }
    }

    /// An option with what its word stands for; nothing where that is `whole`.
    fn option(&self, mut option: NamedOption, bound: &BTreeMap<&str, Bound>) -> Option<NamedOption> {
        if let OptionValue::Word(word) = &option.value.value {
            option.value.value = match bound.get(word.as_str()) {
                Some(Bound::Option(value)) => value.clone(),
                Some(Bound::Tree(_)) | None => self.word(word),
            };
        }
        (option.value.value != OptionValue::Word("whole".to_string())).then_some(option)
    }
}

/// How deep functions may use each other.
const DEEPEST: usize = 32;

/// What a parameter stands for in a call.
enum Bound {
    Tree(Expr),
    Option(OptionValue),
}

impl Bound {
    /// A copy of it among the nodes; its root comes back.
    fn place(&self, nodes: &mut Vec<ExprNode>, span: Span) -> Result<ExprId, Diagnostic> {
        let wrong = |what: &str| {
            let message = format!("`{what}` is not a number");
            Diagnostic::error("E-option", message).at(span, "in this call")
        };
        let read;
        let tree = match self {
            Bound::Tree(tree) => tree,
            Bound::Option(OptionValue::Number(text)) => {
                read = read_expression(text).map_err(|_| wrong(text))?.value;
                &read
            }
            Bound::Option(OptionValue::Word(word)) => return Err(wrong(word)),
            Bound::Option(OptionValue::List(_)) => return Err(wrong("a list")),
        };
        let base = nodes.len() as u32;
        for node in &tree.nodes {
            let kind = map_operands(&node.kind, &mut |id| ExprId(base + id.0));
            let own_span = if matches!(self, Bound::Tree(_)) { node.span } else { span };
            nodes.push(ExprNode { kind, span: own_span, written: node.written });
        }
        let root = ExprId(nodes.len() as u32 - 1);
        if tree.nodes.len() > 1
            && let Some(last) = nodes.last_mut()
        {
            last.written.bracketed = true;
        }
        Ok(root)
    }
}

fn push(nodes: &mut Vec<ExprNode>, kind: ExprKind, span: Span, sign: Sign) -> ExprId {
    let mut node = ExprNode::new(kind, span);
    node.written.sign = sign;
    nodes.push(node);
    ExprId(nodes.len() as u32 - 1)
}

/// `f(x, y, delta = 1)`
fn head(function: &Function) -> String {
    let parameter = |own: &crate::syntax::ast::Parameter| match &own.default {
        Some(default) => format!("{} = {default}", own.name.text),
        None => own.name.text.clone(),
    };
    format!("{}({})", function.name.text, function.parameters.iter().map(parameter).collect::<Vec<_>>().join(", "))
}

/// The keys of all values that a problem names.
pub(super) fn declared(spec: &Spec) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut givens: Vec<&Given> = spec.givens.iter().collect();
    while let Some(given) = givens.pop() {
        match given {
            Given::Leaves(leaves) => names.extend(leaves.iter().map(|leaf| key(&leaf.name.text))),
            Given::Incoming { leaf, .. } => names.extend([key(&leaf.name.text)]),
            Given::Dims(dims) => names.extend(dims.iter().map(|dim| key(&dim.name.text))),
            Given::Data { columns, .. } => names.extend(columns.iter().map(|name| key(&name.text))),
            Given::Repeat(repeat) => givens.extend(&repeat.body),
            Given::Layout(_) => {}
        }
    }
    let mut lines: Vec<&ModelLine> = spec.model.iter().collect();
    while let Some(line) = lines.pop() {
        match line {
            ModelLine::Definition { name, .. } => names.extend([key(&name.text)]),
            ModelLine::Repeat(repeat) => lines.extend(&repeat.body),
        }
    }
    names
}

/// The expressions of a part of a question.
fn expressions(part: &mut Part) -> Vec<&mut Expr> {
    match part {
        Part::Expression(expr) => vec![expr],
        Part::Relations(all) => all.iter_mut().flat_map(|one| [&mut one.left, &mut one.right]).collect(),
        Part::Bindings(all) => all.iter_mut().map(|binding| &mut binding.value).collect(),
        Part::Statements(all) => all
            .iter_mut()
            .flat_map(|statement| match &mut statement.claim {
                Claim::Related(related) => vec![&mut related.left, &mut related.right],
                Claim::Property { of, .. } | Claim::Independent { of, .. } | Claim::Shape { of, .. } => vec![of],
            })
            .collect(),
        Part::Points(points) => points.iter_mut().flatten().map(|binding| &mut binding.value).collect(),
        Part::Names(_) | Part::Text(_) | Part::Choices(_) | Part::Targets(_) => Vec::new(),
        Part::Descent(_) | Part::Fit(_) | Part::Plot(_) => Vec::new(),
    }
}

/// The file with its functions put in; nothing where it calls none.
pub(super) fn expanded(spec: &Spec) -> Result<Option<Spec>, Vec<Diagnostic>> {
    let functions = Functions::of(spec)?;
    let mut spec = spec.clone();
    let (mut errors, mut changed) = (Vec::new(), false);
    let mut expand = |expr: &mut Expr| {
        changed |= functions.spelled(expr);
        match functions.expand(expr) {
            Ok(Cow::Borrowed(_)) => {}
            Ok(Cow::Owned(new)) => {
                changed = true;
                *expr = new;
            }
            Err(error) => errors.push(error),
        }
    };
    let mut givens: Vec<&mut Given> = spec.givens.iter_mut().collect();
    while let Some(given) = givens.pop() {
        match given {
            Given::Leaves(leaves) => leaves.iter_mut().filter_map(|leaf| leaf.value.as_mut()).for_each(&mut expand),
            Given::Repeat(repeat) => givens.extend(&mut repeat.body),
            Given::Incoming { .. } | Given::Dims(_) | Given::Data { .. } | Given::Layout(_) => {}
        }
    }
    let mut lines: Vec<&mut ModelLine> = spec.model.iter_mut().collect();
    while let Some(line) = lines.pop() {
        match line {
            ModelLine::Definition { value, .. } => expand(value),
            ModelLine::Repeat(repeat) => lines.extend(&mut repeat.body),
        }
    }
    for task in &mut spec.tasks {
        task.question.parts.iter_mut().flat_map(expressions).for_each(&mut expand);
    }
    match errors.is_empty() {
        true => Ok(changed.then_some(spec)),
        false => Err(errors),
    }
}
