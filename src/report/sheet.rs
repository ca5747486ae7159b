//! CSV: every cell guarded against being run as a formula, quoted by RFC 4180, lines ended as on Unix.

use super::escape;

/// A head line and the rows.
pub(super) fn write<const N: usize>(heads: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(heads).expect("a Vec takes every write");
    for row in rows {
        let cells = row.each_ref().map(|cell| escape::csv_cell(cell));
        writer.write_record(cells.iter().map(|cell| cell.as_bytes())).expect("every row has as many cells as heads");
    }
    let bytes = writer.into_inner().expect("a Vec takes every write");
    String::from_utf8(bytes).expect("only text was written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guards_and_quotes() {
        let rows = [["=1".to_owned(), "a,\"b\"".to_owned()], ["x\ny".to_owned(), String::new()]];
        assert_eq!(write(["k", "v"], rows.into_iter()), "k,v\n'=1,\"a,\"\"b\"\"\"\nx\\ny,\n");
    }
}
