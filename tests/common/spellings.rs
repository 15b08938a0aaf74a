//! Random formulas in four spellings: as a problem has them, as plain answers, LaTeX and Python have them.

use fastrand::Rng;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spelling {
    Spec,
    Typed,
    Latex,
    Code,
}

impl Spelling {
    /// What answers are written in.
    pub const ALL: [Spelling; 3] = [Spelling::Typed, Spelling::Latex, Spelling::Code];

    pub fn file(self) -> &'static str {
        if self == Spelling::Latex { "a.tex" } else { "a.ans" }
    }

    pub fn line(self, name: &str, text: &str) -> String {
        match self {
            Spelling::Latex => format!("\\[ {}_{{{}}} = {text} \\]\n\n", &name[..1], &name[1..]),
            _ => format!("{name} = {text}\n"),
        }
    }
}

/// Scalars, columns of three and of two, and 2 x 3 matrices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    Scalar,
    Three,
    Two,
    Matrix,
}

impl Shape {
    pub const DATA: &'static str = "problem \"P\" \"p\"\ngiven
  layout columns
  const a = 1.5, b = 0.75
  const u = [1; 2; -1], v = [0.5; -2; 3]
  const s = [1.25; -1], t = [2; 0.5]
  const M = [1 -2 0.5; 3 1 2], P = [2 1 4; 0.5 1 3], N = [2 1; 0.5 -1; 1.5 1]
model\n";

    fn names(self) -> &'static [&'static str] {
        match self {
            Shape::Scalar => &["a", "b", "2", "0.5"],
            Shape::Three => &["u", "v"],
            Shape::Two => &["s", "t"],
            Shape::Matrix => &["M", "P"],
        }
    }
}

/// A form with its operands.
#[derive(Clone, Debug)]
pub enum Tree {
    Leaf(&'static str),
    Apply(&'static Form, Vec<Tree>),
}

#[derive(Debug)]
pub struct Form {
    shape: Option<Shape>,
    operands: &'static [Option<Shape>],
    texts: [&'static str; 4],
}

const fn form(shape: Option<Shape>, operands: &'static [Option<Shape>], texts: [&'static str; 4]) -> Form {
    Form { shape, operands, texts }
}

const SAME: Option<Shape> = None;
const SCALAR: Option<Shape> = Some(Shape::Scalar);
const THREE: Option<Shape> = Some(Shape::Three);
const TWO: Option<Shape> = Some(Shape::Two);
const MATRIX: Option<Shape> = Some(Shape::Matrix);

/// As a problem, a plain answer, LaTeX and Python have them; `□` and `△` are the operands' places. `None` is any shape, the
/// same throughout.
static FORMS: &[Form] = &[
    form(SAME, &[SAME, SAME], ["□ + △", "□ + △", "□ + △", "□ + △"]),
    form(SAME, &[SAME, SAME], ["□ - △", "□ − △", "□ - △", "np.subtract(□, △)"]),
    form(SAME, &[SAME], ["-□", "-□", "-□", "-□"]),
    form(SAME, &[SCALAR, SAME], ["□*△", "□ * △", r"□ \cdot △", "□ * △"]),
    form(SAME, &[SCALAR, SAME], ["(□)*(△)", "(□)(△)", r"\left(□\right)\left(△\right)", "□ * △"]),
    form(SAME, &[SAME, SCALAR], ["□/(2 + (△).^2)", "□/(2 + △^2)", r"\frac{□}{2 + △^2}", "□ / (2 + △**2)"]),
    form(SAME, &[SAME, SAME], ["□ .* △", "□ ⊙ △", r"□ \odot △", "np.multiply(□, △)"]),
    form(SAME, &[SAME, SAME], ["□ .* △", "□ ∘ △", r"□ \circ △", "np.multiply(□, △)"]),
    form(
        SAME,
        &[SAME, SAME],
        ["□ ./ (2 + (△).^2)", "□ ./ (2 + △.^2)", r"□ \oslash (2 + △^2)", "np.divide(□, 2 + △**2)"],
    ),
    form(SAME, &[SAME], ["(□).^2", "□^2", "□^2", "□**2"]),
    form(SAME, &[SAME], ["(□).^3", "□³", r"□^{3}", "np.power(□, 3)"]),
    form(SAME, &[SAME], ["exp(-(□).^2)", "e^(-□^2)", r"e^{-□^2}", "np.exp(-□**2)"]),
    form(SAME, &[SAME], ["tanh(□)", "tanh(□)", r"\tanh(□)", "np.tanh(□)"]),
    form(SAME, &[SAME], ["sin(□)", "sin(□)", r"\sin(□)", "np.sin(□)"]),
    form(SAME, &[SAME], ["log(1 + (□).^2)", "ln(1 + □^2)", r"\ln(1 + □^2)", "np.log(1 + □**2)"]),
    form(SAME, &[SAME], ["sqrt(1 + (□).^2)", "√(1 + □^2)", r"\sqrt{1 + □^2}", "math.sqrt(1 + □**2)"]),
    form(SAME, &[SAME], ["sigmoid(□)", "σ(□)", r"\sigma(□)", "torch.sigmoid(□)"]),
    form(SAME, &[SAME], ["relu(□)", "max(0, □)", r"\max(0, □)", "np.maximum(0, □)"]),
    form(SAME, &[SAME], ["abs(□)", "|□|", r"|□|", "np.abs(□)"]),
    form(SAME, &[SAME], ["cos(□)", "sin'(□)", r"\sin'(□)", "np.cos(□)"]),
    form(
        SAME,
        &[SAME, SAME],
        ["1[□ > 0.3] .* △", "1[□ > 0.3] .* △", r"\mathbb 1[□ > 0.3] \odot △", "np.multiply(□ > 0.3, △)"],
    ),
    form(
        SAME,
        &[SAME, SAME],
        [
            "1[□ > 0.3] .* △ + (1 - 1[□ > 0.3]) .* (2*(△))",
            "cases(△ if □ > 0.3, 2*△ otherwise)",
            r"\begin{cases} △ & □ > 0.3 \\ 2 \cdot △ & \text{otherwise} \end{cases}",
            "np.where(□ > 0.3, △, 2 * △)",
        ],
    ),
    form(TWO, &[MATRIX, THREE], ["□*△", "□ △", "□ △", "□ @ △"]),
    form(TWO, &[MATRIX, THREE], ["□*△", "(□)(△)", r"\left[□\right]\left[△\right]", "np.dot(□, △)"]),
    form(THREE, &[MATRIX, TWO], ["(□)'*△", "(□)' △", r"{□}^\top △", "□.T @ △"]),
    form(MATRIX, &[TWO, THREE], ["□*(△)'", "□*(△)^T", r"□ {△}^{\mathsf T}", "np.outer(□, △)"]),
    form(MATRIX, &[TWO, THREE], ["□*(△)'", "□ ⊗ △", r"□ \otimes △", "□ @ △.T"]),
    form(MATRIX, &[], ["N'", "N^T", r"N^\top", "N.mT"]),
    form(MATRIX, &[], ["N'", "Nᵀ", r"\mathrm{transpose}(N)", "N.transpose(0, 1)"]),
    form(SCALAR, &[THREE, THREE], ["sum(□ .* △)", "sum(□ .* △)", r"\langle □, △ \rangle", "np.dot(□, △)"]),
    form(
        SCALAR,
        &[TWO, TWO],
        ["sum(□ .* △)", "sum(□ .* △)", r"\mathbf 1^\top (□ \odot △)", "np.sum(np.multiply(□, △))"],
    ),
    form(SCALAR, &[THREE], ["norm(□)^2", "‖□‖^2", r"\|□\|^2", "np.linalg.norm(□)**2"]),
    form(SCALAR, &[THREE], ["sum(abs(□))", "‖□‖_1", r"\|□\|_1", "np.linalg.norm(□, 1)"]),
    form(SCALAR, &[THREE], ["max(abs(□))", "||□||_inf", r"\|□\|_\infty", "np.max(np.abs(□))"]),
    form(SCALAR, &[MATRIX], ["norm(□)^2", "‖□‖_F^2", r"\|□\|_F^2", "np.linalg.norm(□)**2"]),
    form(SCALAR, &[], ["prod(u)", "prod_i u[i]", r"\prod_i u_i", "np.prod(u)"]),
    form(SCALAR, &[], ["u[1]*u[3]", "prod_{i != 2} u[i]", r"\prod_{i \neq 2} u_i", "u[1] * u[3]"]),
    form(SCALAR, &[], ["u[1] + u[3]", "sum_{i ≠ 2} u_i", r"\sum_{i \neq 2} u_i", "u[1] + u[3]"]),
    form(SCALAR, &[], ["u[2]", "u_2", "u_2", "u[2]"]),
    form(SCALAR, &[], ["M[1, 3]", "M_{13}", "M_{1,3}", "M[1][3]"]),
    form(SCALAR, &[THREE, THREE], ["sum(□ .* △)", "⟨□, △⟩", r"\langle □, △ \rangle", "np.inner(□, △)"]),
    form(SAME, &[SAME], ["relu(□)", "(□)_+", r"\left(□\right)_+", "np.clip(□, 0, None)"]),
    form(SAME, &[SAME], ["log2(1 + (□).^2)", "log_2(1 + □^2)", r"\log_2(1 + □^2)", "np.log2(1 + □**2)"]),
    form(SAME, &[SAME], ["1 - tanh(□).^2", "tanh′(□)", r"\tanh^{\prime}(□)", "1 - np.tanh(□)**2"]),
    form(SAME, &[SAME], ["(exp(□) - exp(-(□)))/2", "sinh(□)", r"\sinh(□)", "np.sinh(□)"]),
    form(
        MATRIX,
        &[],
        [
            "[1 2 3; 4 5 6]",
            "[[1, 2, 3], [4, 5, 6]]",
            r"\begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \end{pmatrix}",
            "np.array([[1, 2, 3], [4, 5, 6]])",
        ],
    ),
    form(SCALAR, &[], ["sum(u .* v)", "sum_i u[i]*v[i]", r"\sum_{i} u_i v_i", "np.sum(np.multiply(u, v))"]),
    form(THREE, &[MATRIX], ["colsum(□)'", "colsum(□)'", r"(\mathbf 1^\top □)^\top", "np.sum(□, axis=0).T"]),
    form(TWO, &[MATRIX], ["rowsum(□)", "rowsum(□)", r"□ \mathbf 1", "□.sum(axis=-1, keepdims=True)"]),
    form(TWO, &[MATRIX], ["rowsum(□)", "sum(□, axis = 1)", r"\operatorname{rowsum}(□)", "np.sum(□, 1)"]),
    form(SCALAR, &[MATRIX], ["sum(□)", "Σ(□)", r"\operatorname{sum}(□)", "np.sum(□)"]),
    form(SCALAR, &[SCALAR], ["2*(□)", "2(□)", "2(□)", "len(s) * □"]),
    form(SCALAR, &[SCALAR], ["3*(□)", "3(□)", "3(□)", "M.shape[1] * □"]),
];

impl Tree {
    /// A formula of any shape.
    pub fn random(rng: &mut Rng, depth: usize) -> Tree {
        let shape = [Shape::Scalar, Shape::Three, Shape::Two, Shape::Matrix][rng.usize(..4)];
        Tree::of(rng, shape, depth)
    }

    fn of(rng: &mut Rng, shape: Shape, depth: usize) -> Tree {
        if depth == 0 || rng.f32() < 0.1 {
            let names = shape.names();
            return Tree::Leaf(names[rng.usize(..names.len())]);
        }
        let fits: Vec<&'static Form> = FORMS.iter().filter(|form| form.shape.is_none_or(|own| own == shape)).collect();
        let form = fits[rng.usize(..fits.len())];
        let operands = form.operands.iter().map(|own| Tree::of(rng, own.unwrap_or(shape), depth - 1)).collect();
        Tree::Apply(form, operands)
    }

    fn shape(&self) -> Shape {
        match self {
            Tree::Leaf(name) => [Shape::Three, Shape::Two, Shape::Matrix]
                .into_iter()
                .find(|shape| shape.names().contains(name))
                .unwrap_or(Shape::Scalar),
            Tree::Apply(form, operands) => form.shape.unwrap_or_else(|| {
                let same = form.operands.iter().position(Option::is_none);
                same.and_then(|place| operands.get(place)).map_or(Shape::Scalar, Tree::shape)
            }),
        }
    }

    /// Another formula of the same shape and another value.
    pub fn changed(self, rng: &mut Rng) -> Tree {
        let names = self.shape().names();
        let other = Tree::Leaf(names[rng.usize(..names.len())]);
        Tree::Apply(&FORMS[0], vec![self, other])
    }

    pub fn text(&self, spelling: Spelling) -> String {
        match self {
            Tree::Leaf(name) => (*name).to_string(),
            Tree::Apply(form, operands) => {
                let pattern = form.texts[spelling as usize];
                let places = operands.iter().zip(["□", "△"]);
                places.fold(pattern.to_string(), |text, (operand, place)| {
                    text.replace(place, &operand.bracketed(spelling))
                })
            }
        }
    }

    fn bracketed(&self, spelling: Spelling) -> String {
        match self {
            Tree::Leaf(_) => self.text(spelling),
            Tree::Apply(..) => format!("({})", self.text(spelling)),
        }
    }
}
