//! Changes of one node of an expression, on its arena.

use solve::syntax::ast::{BinaryOp, Expr, ExprId, ExprKind, ExprNode, Name, NamedOption};
use solve::syntax::{map_operands, print_expression};

/// An expression in the making: the nodes up to the one that is changed, and what is put in its place.
pub struct Maker {
    nodes: Vec<ExprNode>,
    place: ExprId,
}

impl Maker {
    /// The node that is changed, as it was.
    pub fn own(&self) -> ExprId {
        self.place
    }

    pub fn push(&mut self, kind: ExprKind) -> ExprId {
        let span = self.nodes[self.place.0 as usize].span;
        self.nodes.push(ExprNode::new(kind, span));
        ExprId(self.nodes.len() as u32 - 1)
    }

    pub fn number(&mut self, text: &str) -> ExprId {
        self.push(ExprKind::Number(text.to_string()))
    }

    pub fn name(&mut self, text: &str) -> ExprId {
        let span = self.nodes[self.place.0 as usize].span;
        self.push(ExprKind::Name(Name { text: text.to_string(), index: None, span }))
    }

    pub fn binary(&mut self, op: BinaryOp, left: ExprId, right: ExprId) -> ExprId {
        self.push(ExprKind::Binary { op, left, right })
    }

    pub fn call(&mut self, name: &str, arguments: &[ExprId], options: &[NamedOption]) -> ExprId {
        let span = self.nodes[self.place.0 as usize].span;
        let callee = Name { text: name.to_string(), index: None, span };
        self.push(ExprKind::Call { callee, arguments: arguments.to_vec(), options: options.to_vec() })
    }
}

/// An expression with one node made anew.
pub fn with(expr: &Expr, place: ExprId, make: impl FnOnce(&mut Maker) -> ExprId) -> Expr {
    let own = place.0 as usize;
    let mut maker = Maker { nodes: expr.nodes[..=own].to_vec(), place };
    let mut to: Vec<ExprId> = (0..own as u32).map(ExprId).collect();
    to.push(make(&mut maker));
    let mut nodes = maker.nodes;
    for node in &expr.nodes[own + 1..] {
        nodes.push(moved(node, &to));
        to.push(ExprId(nodes.len() as u32 - 1));
    }
    // The root comes last.
    let root = to[expr.nodes.len() - 1];
    nodes.truncate(root.0 as usize + 1);
    Expr { nodes }
}

/// A node whose operands stand elsewhere.
fn moved(node: &ExprNode, to: &[ExprId]) -> ExprNode {
    ExprNode { kind: map_operands(&node.kind, &mut |id| to[id.0 as usize]), ..node.clone() }
}

/// The same expression, with equal parts as one node: a change there is made wherever the part stands.
pub fn shared(expr: &Expr) -> Expr {
    let (mut nodes, mut to): (Vec<ExprNode>, Vec<ExprId>) = (Vec::new(), Vec::new());
    let mut texts: Vec<String> = Vec::new();
    for (own, node) in expr.nodes.iter().enumerate() {
        let text = print_expression(&Expr { nodes: expr.nodes[..=own].to_vec() });
        let known = texts.iter().position(|other| *other == text);
        let place = known.unwrap_or_else(|| {
            nodes.push(moved(node, &to));
            texts.push(text);
            nodes.len() - 1
        });
        to.push(ExprId(place as u32));
    }
    Expr { nodes }
}
