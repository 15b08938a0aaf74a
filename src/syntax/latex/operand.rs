//! One factor of a product: brackets, fractions, roots, sums, functions, norms, matrices, each with its scripts.

use super::parser::{Link, Parsed, Parser};
use super::token::Kind;
use crate::span::Span;
use crate::syntax::ast::{BinaryOp, Case, ExprId, ExprKind, Spanned, SumIndex};

impl Parser<'_> {
    /// Whether a factor may begin here without a sign before it.
    pub(super) fn begins_factor(&self, kind: &Kind) -> bool {
        match kind {
            Kind::Number(_)
            | Kind::Letter(_)
            | Kind::Word(_)
            | Kind::Ones
            | Kind::Open(_)
            | Kind::GroupOpen
            | Kind::Begin(_)
            | Kind::Sum
            | Kind::Fraction
            | Kind::Root
            | Kind::Partial
            | Kind::Nabla
            | Kind::Function(_)
            | Kind::Accent(_)
            | Kind::Brace => true,
            // A bar closes where a factor could also begin; an opening one needs a sign before it.
            Kind::Bar | Kind::DoubleBar => false,
            Kind::Close(_)
            | Kind::GroupClose
            | Kind::Superscript
            | Kind::Subscript
            | Kind::Prime
            | Kind::Top
            | Kind::Column
            | Kind::RowEnd
            | Kind::Comma
            | Kind::Semicolon
            | Kind::Gap
            | Kind::Gets
            | Kind::Arrow
            | Kind::Operator(_)
            | Kind::Elementwise(_)
            | Kind::Relation(_)
            | Kind::Equals
            | Kind::In
            | Kind::End(_)
            | Kind::Other(_) => false,
        }
    }

    /// The next factor; a run of letters may be several.
    pub(super) fn factors(&mut self, op: BinaryOp, chain: &mut Vec<Link>) -> Parsed<()> {
        match self.peek() {
            Some(Kind::Letter(_) | Kind::Word(_) | Kind::Accent(_)) => self.symbols(op, chain),
            Some(Kind::GroupOpen) if self.simple_group() => self.symbols(op, chain),
            _ => {
                let operand = self.operand()?;
                let factor = self.scripted(operand)?;
                chain.push(Link { op, factor });
                Ok(())
            }
        }
    }

    fn operand(&mut self) -> Parsed<ExprId> {
        let span = self.span();
        let Some(kind) = self.peek() else { return Err(self.expected("an expression")) };
        self.at += 1;
        match kind {
            Kind::Number(text) => self.number_or_indicator(text, span),
            Kind::Ones => self.ones_or_indicator(span),
            Kind::Open('{') if matches!(self.peek(), Some(Kind::Begin(_))) => {
                let inside = self.comparison()?;
                if !self.eat(&Kind::Close('.')) {
                    self.expect(&Kind::Close('}'), "`\\right.`")?;
                }
                Ok(inside)
            }
            Kind::Open(open) => self.bracket(*open),
            Kind::GroupOpen => {
                let inside = self.comparison()?;
                self.expect(&Kind::GroupClose, "`}`")?;
                Ok(inside)
            }
            Kind::Begin(name) => self.environment(name, span),
            Kind::Sum => self.summation(span),
            Kind::Fraction => self.fraction(span),
            Kind::Root => self.root(span),
            Kind::Partial => self.partial(span),
            Kind::Nabla => self.nabla(span),
            Kind::Function(name) => self.function(name, span),
            Kind::Bar => self.between_bars(&Kind::Bar, "abs", span),
            Kind::DoubleBar => self.norm(span),
            Kind::Brace => self.braced(),
            _ => {
                self.at -= 1;
                Err(match &self.tokens[self.at].kind {
                    Kind::Other(_) => super::parser::unexpected(&self.tokens[self.at]),
                    _ => self.expected("an expression"),
                })
            }
        }
    }

    // ------------------------------------------------------------------------------------------- scripts

    /// Powers, transposes and indices after a factor.
    pub(super) fn scripted(&mut self, mut base: ExprId) -> Parsed<ExprId> {
        let mut posts = 0;
        loop {
            base = match self.peek() {
                Some(Kind::Superscript) => {
                    self.at += 1;
                    self.superscript(base)?
                }
                Some(Kind::Prime) => {
                    self.note(self.span(), "`'` is read as the transpose");
                    self.at += 1;
                    self.transposed(base)?
                }
                Some(Kind::Subscript) => {
                    self.at += 1;
                    self.entry(base)?
                }
                _ => return Ok(base),
            };
            posts += 1;
            if posts > crate::limits::NESTING {
                return self.fault(self.span(), "too many powers and transposes on one factor", "");
            }
        }
    }

    pub(super) fn transposed(&mut self, base: ExprId) -> Parsed<ExprId> {
        self.count()?;
        let span = self.span_of(base).to(self.span_before());
        Ok(self.push(ExprKind::Transpose(base), span))
    }

    fn power(&mut self, base: ExprId, exponent: ExprId) -> Parsed<ExprId> {
        if matches!(self.kind(base), ExprKind::Name(name) if name.text == "e" && !self.is_value("e")) {
            let span = self.span_of(base).to(self.span_before());
            return Ok(self.call("exp", vec![exponent], span));
        }
        self.binary(BinaryOp::Pow, base, exponent)
    }

    /// What stands after `^`.
    pub(super) fn superscript(&mut self, base: ExprId) -> Parsed<ExprId> {
        if self.eat_transpose_sign() {
            return self.transposed(base);
        }
        if self.peek() != Some(&Kind::GroupOpen) {
            let exponent = self.single()?;
            return self.power(base, exponent);
        }
        self.at += 1;
        let start = self.at;
        let negative = self.eat(&Kind::Operator(BinaryOp::Sub));
        if self.eat_transpose_sign() && self.eat(&Kind::GroupClose) {
            if !negative {
                return self.transposed(base);
            }
            let span = self.span_before();
            let one = self.number("1", span);
            let minus_one = self.push(ExprKind::Negate(one), span);
            let inverse = self.power(base, minus_one)?;
            return self.transposed(inverse);
        }
        self.at = start;
        // `A^{\odot 2}`
        if matches!(self.peek(), Some(Kind::Elementwise(_) | Kind::Operator(BinaryOp::ElementwiseMul))) {
            self.at += 1;
        }
        let exponent = self.sum()?;
        self.expect(&Kind::GroupClose, "`}`")?;
        self.power(base, exponent)
    }

    /// `T`, `\top`, `\prime`, `t`, `tr` as an exponent.
    fn eat_transpose_sign(&mut self) -> bool {
        let found = match self.peek() {
            Some(Kind::Top | Kind::Prime) => true,
            Some(Kind::Letter(letter)) => letter == "T" || letter == "t" && !self.is_value("t"),
            Some(Kind::Word(word)) => matches!(word.as_str(), "T" | "tr" | "top"),
            Some(Kind::GroupOpen) => {
                // `^{{\mathsf T}}`: the font's own braces
                let sign =
                    matches!(self.peek_at(1), Some(Kind::Top)) || self.peek_at(1) == Some(&Kind::Letter("T".into()));
                let braced =
                    sign && self.peek_at(2) == Some(&Kind::GroupClose) && self.peek_at(3) == Some(&Kind::GroupClose);
                let alone = sign && self.peek_at(2) == Some(&Kind::GroupClose) && !braced;
                if braced || alone {
                    self.at += 3;
                }
                return braced || alone;
            }
            _ => false,
        };
        self.at += usize::from(found);
        found
    }

    /// An exponent or argument without braces: one mark.
    pub(super) fn single(&mut self) -> Parsed<ExprId> {
        let span = self.span();
        match self.peek() {
            Some(Kind::Number(text)) => {
                self.at += 1;
                if text.len() > 1 {
                    let help = "put it in braces: `^{12}`";
                    return self.fault(span, "only the first digit stands in the exponent", help);
                }
                Ok(self.number(text, span))
            }
            Some(Kind::Letter(letter)) => {
                self.at += 1;
                Ok(self.name(letter.clone(), span))
            }
            _ => Err(self.expected("an exponent")),
        }
    }

    /// What stands between braces, or one mark.
    fn argument(&mut self) -> Parsed<ExprId> {
        if self.eat(&Kind::GroupOpen) {
            let inside = self.sum()?;
            self.expect(&Kind::GroupClose, "`}`")?;
            return Ok(inside);
        }
        self.single()
    }

    /// `(A)_{ij}`, after the `_`.
    fn entry(&mut self, of: ExprId) -> Parsed<ExprId> {
        let Some(parts) = self.script_parts() else {
            return self.fault(self.span(), "this index can't be read", "an index is a letter or a number: `Z_{i,j}`");
        };
        self.indexed(of, &parts)
    }

    // ------------------------------------------------------------------------------------------- brackets

    /// What stands in a bracket that is open already: an expression, an indicator, a row of entries.
    fn bracket(&mut self, open: char) -> Parsed<ExprId> {
        let start = self.span_before();
        let mut rows = vec![vec![self.comparison()?]];
        loop {
            match self.peek() {
                Some(Kind::Comma) => {
                    self.at += 1;
                    let entry = self.comparison()?;
                    rows.last_mut().expect("there is a row").push(entry);
                }
                Some(Kind::Semicolon) => {
                    self.at += 1;
                    let entry = self.comparison()?;
                    rows.push(vec![entry]);
                }
                _ => break,
            }
        }
        let close = match open {
            '(' => ')',
            '[' => ']',
            '{' => '}',
            _ => '>',
        };
        self.expect(&Kind::Close(close), &format!("`{close}`"))?;
        let single = rows.len() == 1 && rows[0].len() == 1;
        if single {
            return Ok(rows[0][0]);
        }
        if rows.iter().any(|row| row.len() != rows[0].len()) {
            return self.fault(start, "the rows have different numbers of entries", "");
        }
        if open != '[' {
            self.note(start, "entries in brackets are read as a row");
        }
        let span = start.to(self.span_before());
        Ok(self.push(ExprKind::Matrix(rows), span))
    }

    /// `1[Z > 0]`, `1_{Z > 0}`, or a number.
    fn number_or_indicator(&mut self, text: &str, span: Span) -> Parsed<ExprId> {
        let bracket = matches!(self.peek(), Some(Kind::Open('[' | '{')) | Some(Kind::Subscript));
        if text == "1" && bracket && !self.tokens[self.at].spaced {
            return self.condition(span);
        }
        Ok(self.number(text, span))
    }

    fn ones_or_indicator(&mut self, span: Span) -> Parsed<ExprId> {
        match self.peek() {
            Some(Kind::Open(_)) => self.condition(span),
            Some(Kind::Subscript) => self.condition(span),
            _ => Ok(self.call("ones", Vec::new(), span)),
        }
    }

    /// What stands after the 1 of an indicator, or the length of a vector of ones (`\mathbf{1}_N`).
    fn condition(&mut self, sign: Span) -> Parsed<ExprId> {
        let start = self.at;
        let below = self.eat(&Kind::Subscript);
        let grouped = below && self.eat(&Kind::GroupOpen);
        let brackets = self.opened();
        let condition = match grouped || !brackets.is_empty() {
            true => self.comparison()?,
            false => self.single()?,
        };
        for open in brackets.iter().rev() {
            let close = if *open == '(' {
                ')'
            } else if *open == '[' {
                ']'
            } else {
                '}'
            };
            self.expect(&Kind::Close(close), &format!("`{close}`"))?;
        }
        if grouped {
            self.expect(&Kind::GroupClose, "`}`")?;
        }
        if self.is_condition(condition) {
            return Ok(condition);
        }
        let span = sign.to(self.span_before());
        if below && brackets.is_empty() {
            let one = self.number("1", span);
            return Ok(self.call("ones", vec![condition, one], span));
        }
        self.at = start;
        self.fault(self.span(), "this is no condition", "an indicator holds a relation: `\\mathbb{1}[Z > 0]`")
    }

    fn opened(&mut self) -> Vec<char> {
        let mut brackets = Vec::new();
        while let Some(Kind::Open(open)) = self.peek()
            && brackets.is_empty()
        {
            self.at += 1;
            brackets.push(*open);
        }
        brackets
    }

    pub(super) fn is_condition(&self, id: ExprId) -> bool {
        match self.kind(id) {
            ExprKind::Indicator { .. } => true,
            ExprKind::Binary { op: BinaryOp::ElementwiseMul, left, right } => {
                matches!(self.kind(*right), ExprKind::Indicator { .. })
                    && matches!(self.kind(*left), ExprKind::Indicator { .. } | ExprKind::Binary { .. })
            }
            _ => false,
        }
    }

    // ------------------------------------------------------------------------------------------- functions

    /// `|x|`, after its first bar.
    fn between_bars(&mut self, bar: &Kind, callee: &str, start: Span) -> Parsed<ExprId> {
        let inside = self.sum()?;
        self.expect(bar, "a bar")?;
        let span = start.to(self.span_before());
        self.count()?;
        Ok(self.call(callee, vec![inside], span))
    }

    fn norm(&mut self, start: Span) -> Parsed<ExprId> {
        let norm = self.between_bars(&Kind::DoubleBar, "norm", start)?;
        // `_F`, `_2`; the square may stand first
        let squared = self.peek() == Some(&Kind::Superscript) && self.peek_at(2) == Some(&Kind::Subscript);
        let at = self.at;
        if squared {
            self.at += 2;
        }
        if self.eat(&Kind::Subscript) {
            let parts = self.script_parts().unwrap_or_default();
            let Some(which) = parts.first().filter(|_| parts.len() == 1) else {
                return self.fault(
                    self.span_before(),
                    "this norm can't be read",
                    "the norm is `\\|A\\|_2` or `\\|A\\|_F`",
                );
            };
            match which.value.as_str() {
                "F" | "2" | "Fro" => {}
                "1" => return self.sum_of_absolutes(norm),
                _ => return self.fault(which.span, "this norm is not known", "known are `_1`, `_2` and `_F`"),
            }
        }
        if squared {
            let after = std::mem::replace(&mut self.at, at);
            let result = self.scripted_once(norm)?;
            self.at = after;
            return Ok(result);
        }
        Ok(norm)
    }

    fn scripted_once(&mut self, base: ExprId) -> Parsed<ExprId> {
        self.at += 1;
        self.superscript(base)
    }

    fn sum_of_absolutes(&mut self, norm: ExprId) -> Parsed<ExprId> {
        let span = self.span_of(norm);
        let ExprKind::Call { arguments, .. } = self.kind(norm).clone() else { return Ok(norm) };
        let absolutes = self.call("abs", arguments, span);
        Ok(self.call("sum", vec![absolutes], span))
    }

    /// `\tanh(Z)`, `\tanh Z`, `\log^2 x`
    fn function(&mut self, name: &str, start: Span) -> Parsed<ExprId> {
        let Some(operator) = self.vocabulary.operator(name).map(str::to_owned) else {
            return self.fault(start, format!("there is no operator `{name}`"), "");
        };
        let power = if self.eat(&Kind::Superscript) { Some(self.argument()?) } else { None };
        let minus = power.filter(|power| matches!(self.kind(*power), ExprKind::Negate(_)));
        if minus.is_some() {
            return self.fault(start, "the inverse of a function is no operator", "");
        }
        let value = self.applied(&operator, 0, start)?;
        match power {
            // The exponent was read first, and stands first in the arena.
            Some(power) => self.power(value, power),
            None => Ok(value),
        }
    }

    /// A function's value, at the place of its argument.
    pub(super) fn applied(&mut self, operator: &str, primes: u32, start: Span) -> Parsed<ExprId> {
        let arguments = match self.peek() {
            Some(Kind::Open(open)) => {
                let open = *open;
                self.at += 1;
                self.arguments(open)?
            }
            _ => vec![self.lone_argument()?],
        };
        let span = start.to(self.span_before());
        self.count()?;
        let operator = match (operator, arguments.len()) {
            ("max", 2..) => "maximum",
            ("min", 2..) => "minimum",
            (operator, _) => operator,
        };
        if primes == 0 {
            return Ok(self.call(operator, arguments, span));
        }
        let [argument] = arguments.as_slice() else {
            return self.fault(span, "a derivative by a prime is of one argument", "");
        };
        let callee = crate::syntax::ast::Name { text: operator.to_owned(), index: None, span: start };
        Ok(self.push(ExprKind::Prime { callee, primes, argument: *argument }, span))
    }

    fn arguments(&mut self, open: char) -> Parsed<Vec<ExprId>> {
        let mut arguments = vec![self.comparison()?];
        while self.eat(&Kind::Comma) {
            arguments.push(self.comparison()?);
        }
        let close = if open == '(' {
            ')'
        } else if open == '[' {
            ']'
        } else {
            '}'
        };
        self.expect(&Kind::Close(close), &format!("`{close}`"))?;
        Ok(arguments)
    }

    /// An argument without brackets is one factor; two of them could be read in two ways.
    fn lone_argument(&mut self) -> Parsed<ExprId> {
        let place = self.span();
        let argument = self.deeper(|parser| {
            let mut chain = Vec::new();
            parser.factors(BinaryOp::Mul, &mut chain)?;
            match chain.as_slice() {
                [link] => Ok(link.factor),
                _ => {
                    parser.fault(place, "what the function is applied to can be read in two ways", "put it in brackets")
                }
            }
        })?;
        let number = matches!(self.kind(argument), ExprKind::Number(_));
        match self.peek() {
            Some(Kind::Letter(_) | Kind::Word(_) | Kind::Accent(_) | Kind::GroupOpen | Kind::Number(_)) => {
                let what = if number { "`2 x`" } else { "`x y`" };
                self.fault(
                    place,
                    format!("what the function is applied to can be read in two ways, as {what} could"),
                    "put it in brackets",
                )
            }
            _ => Ok(argument),
        }
    }

    fn root(&mut self, start: Span) -> Parsed<ExprId> {
        let mut degree = None;
        if self.eat(&Kind::Open('[')) {
            degree = Some(self.sum()?);
            self.expect(&Kind::Close(']'), "`]`")?;
        }
        let inside = match self.peek() {
            Some(Kind::Open(open)) => {
                let open = *open;
                self.at += 1;
                self.bracket(open)?
            }
            _ => self.argument()?,
        };
        let span = start.to(self.span_before());
        self.count()?;
        match degree {
            None => Ok(self.call("sqrt", vec![inside], span)),
            Some(degree) => {
                let one = self.number("1", span);
                let exponent = self.binary(BinaryOp::Div, one, degree)?;
                self.power(inside, exponent)
            }
        }
    }

    /// `\underbrace{A}_{…}` is `A`.
    fn braced(&mut self) -> Parsed<ExprId> {
        let inside = self.argument()?;
        if matches!(self.peek(), Some(Kind::Subscript | Kind::Superscript)) {
            self.at += 1;
            self.skip_argument();
        }
        Ok(inside)
    }

    /// Passes over a group, or one mark.
    pub(super) fn skip_argument(&mut self) {
        let close = if self.peek() == Some(&Kind::GroupOpen) { self.matching(self.at) } else { Some(self.at) };
        self.at = close.map_or(self.tokens.len(), |close| close + 1).min(self.tokens.len());
    }

    // ------------------------------------------------------------------------------------------- sums, fractions

    /// `\sum_{i=1}^{N} …`, after its sign.
    fn summation(&mut self, start: Span) -> Parsed<ExprId> {
        let indices = if self.eat(&Kind::Subscript) { self.sum_indices()? } else { Vec::new() };
        let upper = if self.eat(&Kind::Superscript) { Some(self.argument()?) } else { None };
        let mut sum_indices = Vec::new();
        for (name, from) in indices {
            sum_indices.push(SumIndex { name, range: from.zip(upper) });
        }
        let ranged = sum_indices.iter().filter(|index| index.range.is_some()).count();
        if ranged > 1 || ranged == 0 && upper.is_some() && sum_indices.len() != 1 {
            return self.fault(start, "the bounds of this sum can't be read", "for example `\\sum_{i=1}^{N}`");
        }
        let names: Vec<String> = sum_indices.iter().map(|index| index.name.value.clone()).collect();
        let count = names.len();
        self.indices.extend(names);
        let body = self.deeper(Parser::term);
        self.indices.truncate(self.indices.len() - count);
        let body = body?;
        let span = start.to(self.span_of(body));
        self.count()?;
        if sum_indices.is_empty() {
            self.note(start, "a sum without an index is read as the sum of all entries");
            return Ok(self.call("sum", vec![body], span));
        }
        Ok(self.push(ExprKind::Sum { indices: sum_indices, body }, span))
    }

    /// `i`, `{i,j}`, `{i=1}`: the names, and where the first one begins.
    fn sum_indices(&mut self) -> Parsed<Vec<(Spanned<String>, Option<ExprId>)>> {
        let grouped = self.eat(&Kind::GroupOpen);
        let mut indices = Vec::new();
        loop {
            let span = self.span();
            let Some(Kind::Letter(letter)) = self.peek() else { return Err(self.expected("the index of the sum")) };
            self.at += 1;
            let name = Spanned { value: letter.clone(), span };
            let from = if grouped && self.eat(&Kind::Equals) { Some(self.sum()?) } else { None };
            indices.push((name, from));
            if !grouped {
                return Ok(indices);
            }
            let more = self.eat(&Kind::Comma) || matches!(self.peek(), Some(Kind::Letter(_)));
            if !more {
                self.expect(&Kind::GroupClose, "`}`")?;
                return Ok(indices);
            }
        }
    }

    fn fraction(&mut self, start: Span) -> Parsed<ExprId> {
        if let Some(gradient) = self.derivative(start)? {
            return Ok(gradient);
        }
        // `\frac12`
        if let Some(Kind::Number(text)) = self.peek()
            && text.len() == 2
            && text.bytes().all(|byte| byte.is_ascii_digit())
        {
            let span = self.span();
            self.at += 1;
            let left = self.number(&text[..1], span);
            let right = self.number(&text[1..], span);
            return self.binary(BinaryOp::Div, left, right);
        }
        let left = self.argument()?;
        let right = self.argument()?;
        self.count()?;
        let span = start.to(self.span_before());
        Ok(self.push(ExprKind::Binary { op: BinaryOp::Div, left, right }, span))
    }

    // ------------------------------------------------------------------------------------------- environments

    fn environment(&mut self, name: &str, start: Span) -> Parsed<ExprId> {
        match name {
            "bmatrix" | "pmatrix" | "matrix" | "Bmatrix" | "smallmatrix" | "array" | "bsmallmatrix"
            | "psmallmatrix" => {
                let rows = self.rows(name)?;
                if name == "array" && self.is_cases(&rows) {
                    return self.cases(rows, start);
                }
                self.matrix(rows, start)
            }
            "cases" | "dcases" | "rcases" => {
                let rows = self.rows(name)?;
                self.cases(rows, start)
            }
            _ => self.fault(
                start,
                format!("`\\begin{{{}}}` can't stand in an expression", name.chars().take(40).collect::<String>()),
                "",
            ),
        }
    }

    /// The cells of an environment, until its end.
    fn rows(&mut self, name: &str) -> Parsed<Vec<Vec<Option<Cell>>>> {
        self.deeper(|parser| {
            let mut rows = vec![Vec::new()];
            loop {
                let cell = parser.cell()?;
                rows.last_mut().expect("there is a row").push(cell);
                match parser.peek() {
                    Some(Kind::Column) => parser.at += 1,
                    Some(Kind::RowEnd) => {
                        parser.at += 1;
                        // `\\[2pt]`
                        if let (Some(Kind::Open('[')), Some(Kind::Number(_))) = (parser.peek(), parser.peek_at(1))
                            && let Some(Kind::Letter(_)) = parser.peek_at(2)
                        {
                            while parser.at < parser.tokens.len() && !parser.eat(&Kind::Close(']')) {
                                parser.at += 1;
                            }
                        }
                        rows.push(Vec::new());
                    }
                    Some(Kind::End(end)) if end == name => {
                        parser.at += 1;
                        break;
                    }
                    Some(Kind::Other(_)) => return Err(super::parser::unexpected(&parser.tokens[parser.at])),
                    _ => return Err(parser.expected("`&`, `\\\\` or the end of the matrix")),
                }
            }
            // A last row without entries: `\\` before the end.
            if rows.last().is_some_and(|row| row.len() == 1 && row[0].is_none()) && rows.len() > 1 {
                rows.pop();
            }
            Ok(rows)
        })
    }

    fn cell(&mut self) -> Parsed<Option<Cell>> {
        while matches!(self.peek(), Some(Kind::Gap)) {
            self.at += 1;
        }
        let word = match self.peek() {
            Some(Kind::Word(word)) => case_word(word),
            _ => None,
        };
        if word.is_some() {
            self.at += 1;
        }
        let empty = matches!(self.peek(), None | Some(Kind::Column | Kind::RowEnd | Kind::End(_)));
        if empty {
            return Ok(word.map(|word| Cell { value: None, otherwise: word == CaseWord::Otherwise }));
        }
        let value = self.comparison()?;
        while matches!(self.peek(), Some(Kind::Gap | Kind::Comma | Kind::Semicolon)) {
            self.at += 1;
        }
        Ok(Some(Cell { value: Some(value), otherwise: word == Some(CaseWord::Otherwise) }))
    }

    fn matrix(&mut self, rows: Vec<Vec<Option<Cell>>>, start: Span) -> Parsed<ExprId> {
        let span = start.to(self.span_before());
        let mut entries: Vec<Vec<ExprId>> = Vec::new();
        for row in rows {
            let row: Option<Vec<ExprId>> = row.into_iter().map(|cell| cell.and_then(|cell| cell.value)).collect();
            let Some(row) = row else { return self.fault(span, "an entry of this matrix is empty", "write 0 for it") };
            if entries.first().is_some_and(|first| first.len() != row.len()) {
                return self.fault(span, "the rows of this matrix have different numbers of entries", "");
            }
            entries.push(row);
        }
        Ok(self.push(ExprKind::Matrix(entries), span))
    }

    fn is_cases(&self, rows: &[Vec<Option<Cell>>]) -> bool {
        let condition = |cell: &Cell| cell.otherwise || cell.value.is_some_and(|value| self.is_condition(value));
        rows.iter().all(|row| row.len() == 2 && row[1].as_ref().is_some_and(condition))
    }

    /// Values and the conditions under which they hold.
    fn cases(&mut self, rows: Vec<Vec<Option<Cell>>>, start: Span) -> Parsed<ExprId> {
        let span = start.to(self.span_before());
        let mut cases = Vec::new();
        for row in rows {
            let mut cells = row.into_iter();
            let (value, condition) = (cells.next().flatten(), cells.next().flatten());
            let Some(value) = value.and_then(|cell| cell.value).filter(|_| cells.next().is_none()) else {
                return self.fault(
                    span,
                    "a case has a value and a condition",
                    "`1 & Z > 0 \\\\ 0 & \\text{otherwise}`",
                );
            };
            let condition = match condition {
                None => None,
                Some(cell) if cell.otherwise && cell.value.is_none() => None,
                Some(cell) => match cell.value.filter(|condition| self.is_condition(*condition)) {
                    Some(condition) => Some(condition),
                    None => return self.fault(span, "a case has a relation for its condition", "for example `Z > 0`"),
                },
            };
            cases.push(Case { value, condition });
        }
        self.count()?;
        Ok(self.push(ExprKind::Cases(cases), span))
    }
}

/// One cell of an environment.
struct Cell {
    value: Option<ExprId>,
    otherwise: bool,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum CaseWord {
    If,
    Otherwise,
}

/// `if`, `otherwise` and their like.
pub(super) fn case_word(word: &str) -> Option<CaseWord> {
    match word.trim_matches([' ', ',', ':', '.']).to_lowercase().as_str() {
        "if" | "for" | "when" | "where" | "falls" => Some(CaseWord::If),
        "otherwise" | "else" | "sonst" | "if not" => Some(CaseWord::Otherwise),
        _ => None,
    }
}
