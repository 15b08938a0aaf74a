//! Which LaTeX may go through: complete mathematics of known commands, so that a label can neither read a file nor leave
//! its place, and compiles.

/// Nesting allowed in a label.
const MAX_DEPTH: usize = 24;
/// Longer labels are not mathematics that fits a drawing.
const MAX_BYTES: usize = 400;

/// Commands without an argument.
const SYMBOLS: &str = " alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi \
    varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi \
    Psi Omega partial nabla ell infty cdot cdots ldots dots vdots times div pm mp odot oplus otimes circ ast star top bot \
    lVert rVert lvert rvert Vert vert langle rangle lfloor rfloor lceil rceil lbrace rbrace le ge leq geq ne neq lt gt \
    approx equiv sim to gets mapsto in sum prod int exp log ln sin cos tan tanh sinh cosh max min arg det dim sup inf \
    argmax argmin lim relu softmax quad qquad prime forall exists mid parallel perp propto subset cup cap land lor neg \
    hbar Re Im displaystyle textstyle scriptstyle limits nolimits ";
/// Commands with one argument.
const ONE: &str = " mathrm mathbf mathsf mathit mathtt mathcal mathbb mathop bm boldsymbol hat widehat bar overline \
    underline tilde widetilde vec dot ddot sqrt ";
/// Commands with two arguments.
const TWO: &str = " frac tfrac dfrac ";
/// Commands with one argument of plain words.
const WORDS: &str = " text textrm textit textbf operatorname ";
/// What may follow `\left` and `\right`, besides one character of `()[]|./`.
const FENCES: &str = " lVert rVert lvert rvert Vert vert langle rangle lfloor rfloor lceil rceil ";

/// Whether a text is complete mathematics made of known commands only.
pub(super) fn is_harmless(latex: &str) -> bool {
    let mut reader = Reader { rest: latex, depth: 0 };
    latex.len() <= MAX_BYTES && reader.items() && reader.rest.is_empty()
}

/// Reads mathematics as TeX would, as far as labels go.
struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start_matches(' ');
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    /// The command that comes next, without its backslash.
    fn command(&mut self) -> Option<&'a str> {
        self.peek()?;
        let name = self.rest.strip_prefix('\\')?;
        let letters = name.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(name.len());
        // A control symbol is one character; one outside of ASCII is none.
        let end = if letters == 0 { usize::from(name.starts_with(|c: char| c.is_ascii())) } else { letters };
        Some(&name[..end])
    }

    fn skip_command(&mut self, name: &str) {
        self.rest = &self.rest[1 + name.len()..];
    }

    /// Items up to the end or a closing brace or `\right`.
    fn items(&mut self) -> bool {
        loop {
            match self.peek() {
                None | Some('}') => return true,
                Some('\\') if self.command() == Some("right") => return true,
                Some(_) => {
                    if !self.item() {
                        return false;
                    }
                }
            }
        }
    }

    /// An atom with at most one subscript and one superscript.
    fn item(&mut self) -> bool {
        if !matches!(self.peek(), Some('_' | '^' | '\'')) && !self.atom() {
            return false;
        }
        let (mut sub, mut sup) = (false, false);
        loop {
            let again = match (self.peek(), self.command()) {
                (Some('_'), _) => self.next().is_some() && std::mem::replace(&mut sub, true) | !self.argument(),
                (Some('^'), _) => self.next().is_some() && std::mem::replace(&mut sup, true) | !self.argument(),
                (Some('\''), _) => self.primes() && std::mem::replace(&mut sup, true),
                // The transpose of the answer key's own style.
                (_, Some("T")) => {
                    self.skip_command("T");
                    std::mem::replace(&mut sup, true)
                }
                (_, _) => return true,
            };
            if again {
                return false;
            }
        }
    }

    fn primes(&mut self) -> bool {
        while self.peek() == Some('\'') {
            self.next();
        }
        true
    }

    /// A group, or a single character or command.
    fn argument(&mut self) -> bool {
        match self.peek() {
            Some('{') => self.group(),
            Some('\\') => self.atom(),
            Some(c) if c.is_ascii_alphanumeric() || "+-*=.,".contains(c) => self.next().is_some(),
            Some(_) | None => false,
        }
    }

    fn group(&mut self) -> bool {
        self.depth += 1;
        let read = self.depth <= MAX_DEPTH && self.next() == Some('{') && self.items() && self.next() == Some('}');
        self.depth -= 1;
        read
    }

    fn atom(&mut self) -> bool {
        match self.peek() {
            Some('{') => self.group(),
            Some('\\') => self.command().is_some_and(|name| self.known(name)),
            Some(c) if c.is_ascii_alphanumeric() || "+-*/=<>()[]|.,;:!?".contains(c) => self.next().is_some(),
            Some(_) | None => false,
        }
    }

    fn known(&mut self, name: &str) -> bool {
        let listed = |list: &str| !name.is_empty() && list.contains(&format!(" {name} "));
        self.skip_command(name);
        if matches!(name, "," | ";" | ":" | "!" | " " | "{" | "}" | "|" | "1") || listed(SYMBOLS) {
            true
        } else if listed(ONE) {
            self.argument()
        } else if listed(TWO) {
            self.argument() && self.argument()
        } else if listed(WORDS) {
            self.plain_group()
        } else {
            name == "left" && self.fence() && self.fenced()
        }
    }

    fn fenced(&mut self) -> bool {
        self.depth += 1;
        let read = self.depth <= MAX_DEPTH && self.items() && self.command() == Some("right");
        self.depth -= 1;
        if read {
            self.skip_command("right");
        }
        read && self.fence()
    }

    fn fence(&mut self) -> bool {
        match self.command() {
            Some(name) if FENCES.contains(&format!(" {name} ")) || matches!(name, "{" | "}" | "|") => {
                self.skip_command(name);
                true
            }
            Some(_) => false,
            None => self.next().is_some_and(|c| "()[]|./".contains(c)),
        }
    }

    fn plain_group(&mut self) -> bool {
        let plain = |c: char| c.is_ascii_alphanumeric() || " ,.:;()-+".contains(c);
        let body = (self.peek() == Some('{')).then(|| &self.rest[1..]);
        match body.and_then(|body| body.find(|c| !plain(c)).filter(|&end| body[end..].starts_with('}'))) {
            Some(end) => {
                self.rest = &self.rest[end + 2..];
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mathematics_goes_through() {
        for latex in [
            "X",
            "W_1",
            "\\delta_Y W_2^{\\mathsf T}",
            "\\tfrac12\\lVert X-Y\\rVert^2",
            "C_{\\mathrm{gt}}",
            "\\mathbf 1^{\\mathsf T}\\delta_U",
            "\\left(a+b\\right)^2",
            "\\text{softmax, CE}",
            "\\cdot\\,W_1+b_1",
            "x''_1",
            "\\frac{\\partial L}{\\partial W}",
            "W_2\\T\\delta_Y",
            "\\mathrm{ReLU}",
            "\\sqrt{x}",
            "{}^{\\mathsf T}",
            "\\hat y",
        ] {
            assert!(is_harmless(latex), "{latex}");
        }
    }

    #[test]
    fn everything_else_does_not() {
        for latex in [
            "\\input{/etc/passwd}",
            "\\write18{x}",
            "\\immediate\\write18{x}",
            "\\def\\x{\\x}\\x",
            "^^5cinput",
            "a%",
            "}",
            "{",
            "a$b",
            "a#1",
            "a&b",
            "a~b",
            "x^a^b",
            "x'^2",
            "x_",
            "\\frac{1}",
            "\\left(a",
            "\\right)",
            "\\",
            "\\\\",
            "\\é",
            "é",
            "\\text{a$b}",
            "\\begin{x}",
            "a\nb",
            "\\mathrm",
            "\\csname x\\endcsname",
            "x^\\frac12^3",
            "\\left\\input x\\right)",
        ] {
            assert!(!is_harmless(latex), "{latex}");
        }
        assert!(!is_harmless(&"{".repeat(100_000)));
        assert!(!is_harmless(&format!("{}x{}", "{".repeat(100), "}".repeat(100))));
    }
}
