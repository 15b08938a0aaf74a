//! Wrong answers by another function, or by another option of the same.

use super::slips::{Slips, UNSUMMED};
use solve::syntax::ast::{ExprId, ExprKind, NamedOption, OptionValue, Spanned};

impl Slips<'_> {
    pub fn call(&mut self, place: ExprId, name: &str, of: ExprId, arguments: &[ExprId], options: &[NamedOption]) {
        let other = |slips: &mut Self, names: &[&'static str], callee: &str, options: &[NamedOption]| {
            slips.put(names, place, |maker| maker.call(callee, arguments, options));
        };
        match name {
            "colsum" | "rowsum" | "sum" if arguments.len() == 1 && !self.is_scalar(of) => {
                self.put(UNSUMMED, place, |_| of);
                let axis = match name {
                    "colsum" => Some("0"),
                    "rowsum" => Some("1"),
                    _ => None,
                };
                let axis: Vec<NamedOption> = axis.map(|axis| number_option("axis", axis)).into_iter().collect();
                let own = if axis.is_empty() { options } else { &axis };
                other(self, &["mean-for-sum"], "mean", own);
                let turned = match name {
                    "colsum" => "rowsum",
                    _ => "colsum",
                };
                if name != "sum" {
                    other(self, &["wrong-axis"], turned, &[]);
                }
            }
            "mean" => other(self, &["sum-for-mean"], "sum", options),
            "softmax" => other(self, &["not-normalised"], "exp", &[]),
            "inv" => self.put(&["transpose-for-inverse"], place, |maker| maker.push(ExprKind::Transpose(of))),
            "conv2d" => {
                other(self, &["flipped-kernel"], name, &toggled(options));
                for (option, mistake, values) in
                    [("stride", "wrong-stride", ["1", "2"]), ("padding", "wrong-padding", ["0", "1"])]
                {
                    for value in values {
                        other(self, &[mistake], name, &with_option(options, number_option(option, value)));
                    }
                }
            }
            "maxpool" => {
                other(self, &["average-for-max"], "avgpool", options);
                other(self, &["wrong-stride"], name, &with_option(options, number_option("stride", "1")));
            }
            "avgpool" => other(self, &["max-for-average"], "maxpool", options),
            "max" => {
                other(self, &["opposite-extreme"], "min", options);
                other(self, &["mean-for-max"], "mean", options);
            }
            "min" => {
                other(self, &["opposite-extreme"], "max", options);
                other(self, &["mean-for-min"], "mean", options);
            }
            "maximum" => other(self, &["opposite-extreme"], "minimum", options),
            "minimum" => other(self, &["opposite-extreme"], "maximum", options),
            "trace" => other(self, &["sum-of-all-entries"], "sum", &[]),
            _ => {}
        }
    }
}

fn option(name: &str, value: OptionValue) -> NamedOption {
    let span = Default::default();
    NamedOption { name: Spanned { value: name.to_string(), span }, value: Spanned { value, span } }
}

fn number_option(name: &str, value: &str) -> NamedOption {
    option(name, OptionValue::Number(value.to_string()))
}

fn with_option(options: &[NamedOption], new: NamedOption) -> Vec<NamedOption> {
    let others = options.iter().filter(|own| own.name.value != new.name.value).cloned();
    others.chain([new.clone()]).collect()
}

/// The kernel turned, or turned back.
fn toggled(options: &[NamedOption]) -> Vec<NamedOption> {
    let flipped =
        options.iter().any(|own| own.name.value == "flip" && own.value.value == OptionValue::Word("true".into()));
    with_option(options, option("flip", OptionValue::Word((!flipped).to_string())))
}
