// SPDX-License-Identifier: Apache-2.0

/// The characters that part a message, as its first two fields say.
struct HL7Delimiters: Hashable {
    let field: UInt8
    let component: UInt8
    let repetition: UInt8
    let escape: UInt8?
    let subcomponent: UInt8?

    /// Reads them from the first line of a message, `MSH|^~\&|…`; nil where it has none that can be used.
    ///
    /// What MSH-2 leaves out from its end does not exist in the message; a fifth, for cut values, has no
    /// meaning here.
    init?(_ header: ArraySlice<UInt8>) {
        let rest = header.dropFirst(3)
        guard header.count > 4, let field = rest.first, Self.isUsable(field) else { return nil }
        let marks = Array(rest.dropFirst().prefix(6).prefix { $0 != field })
        guard (1...5).contains(marks.count), marks.allSatisfy(Self.isUsable),
            Set(marks + [field]).count == marks.count + 1
        else { return nil }
        self.field = field
        component = marks[0]
        // Nothing is ever parted by a control character.
        repetition = marks.count > 1 ? marks[1] : 0x1F
        escape = marks.count > 2 ? marks[2] : nil
        subcomponent = marks.count > 3 ? marks[3] : nil
    }

    private static func isUsable(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: false
        default: (0x21...0x7E).contains(byte)
        }
    }
}
