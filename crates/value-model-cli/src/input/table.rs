//! Tables as text: a header and the records below it, with the line of each.
//!
//! A file without any record, or with a column name given twice, is refused before the first row.

use super::detect;
use super::pieces::{PIECE_BYTES, Pieces};
use super::records::{Fields, Piece, Row};
use super::source::Source;
use crate::message::{Failure, names};

/// A table being read.
pub(crate) struct Table {
    /// How messages name it.
    pub name: String,
    /// Column names in order.
    pub header: Vec<String>,
    /// What has not been read yet: the rest of this piece, then the others.
    piece: Piece,
    pieces: Pieces,
    fields: Fields,
}

impl Table {
    /// Starts reading: the header is read and checked.
    ///
    /// # Errors
    /// `empty`, `duplicate` for a column name given twice, `encoding`, `unterminated_quote`.
    pub(crate) fn open(source: Source, delimiter: Option<u8>) -> Result<Self, Failure> {
        Self::in_pieces(source, delimiter, PIECE_BYTES)
    }

    /// As [`Table::open`], reading about so many bytes in one go.
    fn in_pieces(source: Source, delimiter: Option<u8>, size: usize) -> Result<Self, Failure> {
        let delimiter = delimiter.unwrap_or_else(|| detect::delimiter(&source.beginning, &source.name));
        let name = source.name.clone();
        let pieces = Pieces::new(source, delimiter, size);
        let (piece, fields) = (Piece::default(), Fields::default());
        let mut table = Self { name, header: Vec::new(), piece, pieces, fields };
        let mut first = Row::default();
        if !table.read(&mut first)? {
            return Err(Failure::new("empty", "the file is empty").at(&table.name));
        }
        for cell in first.iter() {
            let text = detect::utf8(cell)
                .map_err(|message| Failure::new("encoding", message).at(table.place(first.line())))?;
            table.header.push(text.trim().to_owned());
        }
        let mut sorted: Vec<&String> = table.header.iter().filter(|name| !name.is_empty()).collect();
        sorted.sort();
        let twice: Vec<&String> = sorted
            .windows(2)
            .filter_map(|pair| match pair {
                [a, b] if a == b => Some(*a),
                _ => None,
            })
            .collect();
        if !twice.is_empty() {
            let message = format!("the header holds {} twice", names(&twice));
            return Err(Failure::new("duplicate", message).at(table.place(first.line())));
        }
        Ok(table)
    }

    /// Reads the next record; false at the end.
    ///
    /// # Errors
    /// As [`Pieces::next`]. Nothing after that can be read.
    pub(crate) fn read(&mut self, row: &mut Row) -> Result<bool, Failure> {
        while !self.piece.read(&mut self.fields) {
            if !self.pieces.next(&mut self.piece)? {
                return Ok(false);
            }
        }
        row.copy(&mut self.piece, &self.fields);
        Ok(true)
    }

    /// What has not been read yet, in pieces of about so many bytes.
    pub(crate) fn into_pieces(mut self, size: usize) -> Pieces {
        self.pieces.again(&mut self.piece, size);
        self.pieces
    }

    fn place(&self, line: u64) -> String {
        format!("{}:{line}", self.name)
    }

    /// The place of a column by its name.
    pub(crate) fn find(&self, column: &str) -> Option<usize> {
        self.header.iter().position(|name| name == column)
    }

    /// The place of a column that must be there.
    ///
    /// # Errors
    /// `unknown_id` with the nearest name; `flag` says how to name another column.
    pub(crate) fn require(&self, column: &str, flag: &str) -> Result<usize, Failure> {
        self.find(column).ok_or_else(|| {
            let near = value_model::suggest::nearest(column, self.header.iter().map(String::as_str));
            let help = match near.0 {
                Some(name) => format!("did you mean `{name}`? say so with `{flag} {name}`"),
                None => format!("name it with `{flag} COLUMN`; the columns are {}", names(&self.header)),
            };
            Failure::new("unknown_id", format!("there is no column `{column}`"))
                .at(format!("{}:1", self.name))
                .help(help)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::{Row, Source, Table};

    fn source(bytes: &[u8]) -> Source {
        Source {
            name: "t.csv".into(),
            beginning: bytes.to_vec(),
            reader: Box::new(Cursor::new(bytes.to_vec())),
            length: None,
        }
    }

    fn rows(bytes: &[u8]) -> Result<Vec<(u64, Vec<String>)>, String> {
        let mut table = Table::open(source(bytes), None).map_err(|f| f.to_string())?;
        let (mut out, mut record) = (Vec::new(), Row::default());
        while table.read(&mut record).map_err(|f| f.to_string())? {
            let cells = record.iter().map(|c| String::from_utf8_lossy(c).into_owned()).collect();
            out.push((record.line(), cells));
        }
        Ok(out)
    }

    #[test]
    fn rows_are_read_with_their_line_whether_or_not_the_last_one_ends() {
        for text in [
            "a,b\n1,2\n\n\"x\ny\",4\n5,6\n",
            "a,b\n1,2\n\n\"x\ny\",4\n5,6",
            "a,b\r\n1,2\r\n\r\n\"x\ny\",4\r\n5,6\r\n",
        ] {
            let rows = rows(text.as_bytes()).unwrap();
            assert_eq!(rows.len(), 3, "{text:?}: {rows:?}");
            assert_eq!(rows[0], (2, vec!["1".into(), "2".into()]));
            assert_eq!(rows[1], (4, vec!["x\ny".into(), "4".into()]));
            assert_eq!(rows[2].1, ["5", "6"]);
        }
    }

    #[test]
    fn a_quote_at_the_very_end_is_closed() {
        assert_eq!(rows(b"a\n\"1\"").unwrap().len(), 1);
        assert_eq!(rows(b"a,b\n1,\"\"").unwrap().len(), 1);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_an_error_with_its_line() {
        for text in ["a,b\n1,2\n3,\"4\n5,6\n", "a,b\n1,2\n3,\"4", "a,b\n1,2\n3,\"", "a,b\n1,2\n3,\"4\"\""] {
            let error = rows(text.as_bytes()).unwrap_err();
            assert!(error.contains("t.csv:3") && error.contains("unterminated_quote"), "{text:?}: {error}");
        }
    }

    #[test]
    fn a_record_without_end_is_refused_before_it_fills_the_memory() {
        let text = format!("a,b\n1,\"{}", "x\n".repeat(2_000_000));
        let error = rows(text.as_bytes()).unwrap_err();
        assert!(error.contains("t.csv:2") && error.contains("limit"), "{error}");
    }

    #[test]
    fn a_column_given_twice_is_refused() {
        assert!(rows(b"a,b,a\n1,2,3\n").unwrap_err().contains("duplicate"));
    }

    #[test]
    fn a_file_of_line_breaks_has_no_header() {
        assert!(rows(b"\n\n").unwrap_err().contains("empty"));
    }
}
