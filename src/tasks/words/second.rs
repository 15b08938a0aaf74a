use crate::syntax::Means::{Line, Told};
use crate::syntax::Wording;

pub const WORDS: &[Wording] = &[
    Wording {
        said: &[
            "[<derive> ]hessian[ matrix][ of] {line}[ <over> {name}]",
            "[<derive> ]second <gradient> of {line} <over> {name}",
            "[<derive> ]d^2 {line}/d{name}^2",
            "[<derive> ]d^2{line}/d{name}^2",
            "[<derive> ]d2{line}/d{name}2",
        ],
        means: Line("derive hessian of {0} wrt {1}"),
    },
    Wording { said: &["[<derive> ]hessian[ matrix][ of] {line}"], means: Line("derive hessian of {0} wrt {param0}") },
    Wording {
        said: &["[<derive> ]hessian[ matrix][ of] {leaf}", "[<derive> ]hessian[ matrix] <over> {leaf}"],
        means: Line("derive hessian of {loss0} wrt {0}"),
    },
    Wording {
        said: &["[<derive> ]hessian[ matrix][ of] {line} <over> {names}"],
        means: Line("derive hessian of {0} wrt {1}"),
    },
    Wording {
        said: &[
            "[<derive> ]jacobian[ matrix][ of] {name} <over> {name}",
            "[<derive> ]jacobian[ matrix][ of] d{name}/d{name}",
        ],
        means: Line("derive jacobian of {0} wrt {1}"),
    },
    Wording {
        said: &["[<derive> ]jacobian[ matrix][ of] {names} <over> {names}"],
        means: Line("derive jacobian of {0} wrt {1}"),
    },
    Wording {
        said: &["[<compute> ](eigenvalues|eigenvalue|eigenvalues and eigenvectors|eigenvectors|eigendecomposition|principal components)[ of] {name}"],
        means: Line("eigenvalues of {0}"),
    },
    Wording { said: &["[<derive> ]jacobian[ matrix][ of] {line}"], means: Line("derive jacobian of {0} wrt {param0}") },
    Wording {
        said: &["[<derive> ]d2{line}/d{name}d{name}", "[<derive> ]d^2 {line}/d{name}d{name}", "[<derive> ]d^2{line}/d{name}d{name}", "[<derive> ]d^2{line}/d{name} d{name}", "[<derive> ]d2{line}/⟨d{name} d{name}⟩"],
        means: Line("derive hessian of {0} wrt {1}, {2}"),
    },
    Wording {
        said: &["[<derive> ]directional[ <gradient>][ of] {line} <over> {names}"],
        means: Line("derive directional of {0} wrt {1}"),
    },
    Wording {
        said: &[
            "[<derive> ]directional[ <gradient>][ of] {line}",
            "[<derive> ]directional[ <gradient>][ of] {line} (in|along) [direction ]{expression}",
            "[<derive> ]d{line}/d{name} (in|along) [direction ]{expression}",
        ],
        means: Told("a directional derivative is along any direction", &["derive directional of {0} wrt {params0}"]),
    },
];
