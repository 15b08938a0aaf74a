use solve::render::drawing as d;
fn main() {
    let f = std::env::args().nth(1).unwrap();
    let t = std::fs::read_to_string(&f).unwrap();
    let spec = solve::syntax::read_spec(&t).unwrap().value;
    let l = solve::lower::lower(&spec).unwrap();
    let s = solve::answer::answer(&l.model, &[]).unwrap();
    let dia = solve::render::diagram::diagram(&s, true);
    let lay = d::layout(&dia);
    std::fs::write("/tmp/g.svg", d::svg(&lay, "g")).unwrap();
    std::fs::write("/tmp/g.tikz", d::tikz(&lay)).unwrap();
    println!("{}", d::mermaid(&dia));
}
