/// The comma-separated columns that a MeCab dictionary gives for a word.
///
/// IPADIC: part of speech, three subdivisions, conjugation type, conjugation form, base form,
/// reading, pronunciation; `*` means none. Unknown words have only the first seven. A field in
/// quotation marks may hold commas (`","` is the dictionary entry of the comma).
struct FeatureColumns {
    private var columns: [String?] = []

    init(_ feature: UnsafePointer<CChar>?) {
        guard let feature else { return }
        columns.reserveCapacity(9)
        var field = feature
        while true {
            let (end, text) = Self.field(at: field)
            columns.append(text == "*" ? nil : text)
            if end.pointee == 0 { return }
            field = end + 1
        }
    }

    subscript(index: Int) -> String? { columns[safe: index] ?? nil }

    /// The field that starts at a place, and where it ends: at a comma or at the end of the string.
    private static func field(
        at start: UnsafePointer<CChar>
    ) -> (end: UnsafePointer<CChar>, text: String) {
        var start = start
        let isQuoted = start.pointee == 0x22
        if isQuoted { start += 1 }
        var end = start
        while end.pointee != 0, end.pointee != (isQuoted ? 0x22 : 0x2C) { end += 1 }
        let bytes = UnsafeRawBufferPointer(start: start, count: end - start)
        let text = String(decoding: bytes, as: UTF8.self)
        while end.pointee != 0, end.pointee != 0x2C { end += 1 }
        return (end, text)
    }
}
