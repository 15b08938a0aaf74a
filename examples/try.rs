fn main() {
    for f in std::env::args().skip(1) {
        let t = std::fs::read_to_string(&f).unwrap();
        let spec = match solve::syntax::read_spec(&t) {
            Ok(s) => s.value,
            Err(e) => {
                println!("{f}: READ {e:?}");
                continue;
            }
        };
        let l = match solve::lower::lower(&spec) {
            Ok(l) => l,
            Err(e) => {
                println!("{f}: LOWER {:?}", e.iter().map(|d| d.message.clone()).collect::<Vec<_>>());
                continue;
            }
        };
        match std::panic::catch_unwind(|| solve::answer::answer(&l.model, &[])) {
            Ok(Ok(s)) => {
                println!(
                    "{f}: ok {} answers {} checks err {:.1e}",
                    s.answers.len(),
                    s.certificate.checks,
                    s.certificate.max_relative_error
                );
                if std::env::var("J").is_ok() {
                    println!("{}", solve::render::json::json(&s));
                }
            }
            Ok(Err(solve::answer::Refusal::NoValue(m, e))) => {
                println!("{f}: NOVALUE {}", solve::lower::explain_evaluation_error(&m, &e).message)
            }
            Ok(Err(solve::answer::Refusal::Certificate(_, c))) => {
                println!("{f}: CERT {:?}", c.failures.iter().take(3).collect::<Vec<_>>())
            }
  Ok(Err(solve::answer::Refusal::Rule(r)))=>println!("{f}: RULE {r:?}"), Ok(Err(solve::answer::Refusal::Second{reason,..}))=>println!("{f}: SECOND {reason:?}"),
            Err(_) => println!("{f}: PANIC"),
        }
    }
}
