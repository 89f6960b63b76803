//! The page as HTML or Markdown. Whatever comes from an input is escaped by the form, not by whoever wrote it there.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, Output, State, Value, context};

use super::Form;
use super::page::Page;
use crate::message::Failure;

const TEMPLATES: [(&str, &str); 4] = [
    ("report.html", include_str!("../../../templates/report/report.html")),
    ("macros.html", include_str!("../../../templates/report/macros.html")),
    ("panel.html", include_str!("../../../templates/report/panel.html")),
    ("report.md", include_str!("../../../templates/report/report.md")),
];
const STYLE: &str = include_str!("../../../templates/report/report.css");

/// The name of the escaping of Markdown.
const MARKDOWN: &str = "markdown";

/// Lays out the page.
pub(super) fn render(form: Form, page: &Page) -> Result<String, Failure> {
    let name = match form {
        Form::Html => "report.html",
        Form::Markdown => "report.md",
    };
    let broken = |error: Error| Failure::new("template", format!("{error:#}"));
    let mut syntax = SyntaxConfig::builder();
    let syntax = syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    let mut environment = Environment::new();
    environment.set_syntax(syntax.map_err(broken)?);
    environment.set_auto_escape_callback(|name| {
        if name == "report.md" { AutoEscape::Custom(MARKDOWN.into()) } else { AutoEscape::Html }
    });
    environment.set_formatter(escape);
    environment.add_global("style", Value::from_safe_string(STYLE.to_owned()));
    let rendered = (|| {
        for (name, source) in TEMPLATES {
            environment.add_template(name, source)?;
        }
        environment.get_template(name)?.render(context! { page => Value::from(Serde(page)) })
    })();
    rendered.map_err(broken)
}

/// Escapes a value for the form being written.
fn escape(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    if !matches!(state.auto_escape(), AutoEscape::Custom(_)) || value.is_safe() {
        return minijinja::escape_formatter(out, state, value);
    }
    let text = value.to_string();
    out.write_str(&markdown(&text)).map_err(Error::from)
}

/// A text that Markdown shows as it is, in a line or in a cell of a table.
fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let letters: Vec<char> = text.chars().collect();
    for (place, letter) in letters.iter().copied().enumerate() {
        let beside = |offset: isize| {
            place.checked_add_signed(offset).and_then(|place| letters.get(place)).copied().unwrap_or(' ')
        };
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // Between letters an underscore is one, and reads better without the backslash.
            '_' if beside(-1).is_alphanumeric() && beside(1).is_alphanumeric() => out.push('_'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '!' | '#' => out.extend(['\\', letter]),
            // A word joiner, which nobody sees, keeps a host from calling people or linking mail addresses.
            '@' => out.extend(['@', '\u{2060}']),
            // These would become links.
            '/' if beside(-1) == ':' => out.push_str("\\/"),
            '.' if place >= 3 && beside(-1).eq_ignore_ascii_case(&'w') => out.push_str("\\."),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::markdown;

    #[test]
    fn markdown_shows_text_as_text() {
        assert_eq!(markdown("<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;");
        assert_eq!(markdown("a|b`c`*d*[e](f)"), "a\\|b\\`c\\`\\*d\\*\\[e\\](f)");
        assert_eq!(markdown("https://evil.example"), "https:\\//evil.example");
        assert_eq!(markdown("www.evil.example"), "www\\.evil.example");
        assert_eq!(markdown("@everyone"), "@\u{2060}everyone");
        assert_eq!(markdown("aurora_bakery"), "aurora_bakery");
        assert_eq!(markdown("_x_"), "\\_x\\_");
    }
}
