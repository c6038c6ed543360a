// SPDX-License-Identifier: Apache-2.0
extension UnigramTokenizer {
    /// The text of these ids, as the reference's Metaspace decoder makes it.
    ///
    /// U+2581 becomes a space, and nothing in the first token. So a space stands after each
    /// newline that a word follows. Ids that name no token are left out.
    package func decode(_ ids: [Int32], skippingSpecial: Bool = false) -> String {
        var text = String.UnicodeScalarView()
        var isFirst = true
        for id in ids {
            guard let content = piece(of: id) else { continue }
            if skippingSpecial, specialIDs.contains(id) { continue }
            for scalar in content.unicodeScalars {
                if scalar != "\u{2581}" {
                    text.append(scalar)
                } else if !isFirst {
                    text.append(" ")
                }
            }
            isFirst = false
        }
        return String(text)
    }
}
