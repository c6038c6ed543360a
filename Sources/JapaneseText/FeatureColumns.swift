// SPDX-License-Identifier: Apache-2.0

/// The comma-separated columns that a MeCab dictionary gives for a word.
///
/// IPADIC: part of speech, three subdivisions, conjugation type, conjugation form, base form,
/// reading, pronunciation; `*` means none. Unknown words have only the first seven. A field in
/// quotation marks may hold commas (`","` is the dictionary entry of the comma).
struct FeatureColumns {
    /// Column 0.
    private(set) var partOfSpeech: String?
    /// Column 1.
    private(set) var subcategory: String?
    /// Column 6 in the letters of the cleaned text.
    private(set) var baseForm: String?
    /// Column 7.
    private(set) var reading: String?

    init(_ feature: UnsafePointer<CChar>?) {
        guard var next = feature else { return }
        for column in 0...7 {
            let field = Self.field(at: next)
            switch column {
            case 0: partOfSpeech = Self.text(field)
            case 1: subcategory = Self.text(field)
            case 6: baseForm = Self.text(field).map(DictionaryForm.narrowed)
            case 7: reading = Self.text(field)
            default: break
            }
            next += field.count
            if next.pointee == 0x22 { next += 1 }
            if next.pointee == 0 { return }
            next += 1
        }
    }

    /// The field at a place up to its comma or closing quotation mark, with the opening one.
    private static func field(at start: UnsafePointer<CChar>) -> UnsafeRawBufferPointer {
        let terminator: CChar = start.pointee == 0x22 ? 0x22 : 0x2C
        var end = start.pointee == 0x22 ? start + 1 : start
        while end.pointee != 0, end.pointee != terminator { end += 1 }
        return UnsafeRawBufferPointer(start: start, count: end - start)
    }

    private static func text(_ field: UnsafeRawBufferPointer) -> String? {
        let content = field.first == 0x22 ? field.dropFirst() : field[...]
        if content.isEmpty || (content.count == 1 && content.first == 0x2A) { return nil }
        return String(decoding: content, as: UTF8.self)
    }
}
