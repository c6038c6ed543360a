// SPDX-License-Identifier: Apache-2.0

/// Rule `symbols`: symbols of one meaning get one form.
///
/// Quotation marks, middle dots, slashes, arrows, circles, squares, check marks and crosses, comparison
/// signs as Japanese text writes them (`≦`). The profiles differ in `≪` and `≫`: in training text they
/// are brackets, typed for `《》`; in a record they may say *much less than*, so they stay.
///
/// Version 2 also reads the crosses that are emoji, which would be deleted.
struct SymbolUnification {
    private let table: [UInt32: UInt32]

    init(profile: TextCleaner.Profile, version: CleaningVersion) {
        table =
            switch (version, profile) {
            case (.first, _): Self.first
            case (_, .documents): Self.documents
            case (_, .training): Self.training
            }
    }

    func unify(in scalars: inout MappedScalars) {
        scalars.withValues { values in
            for index in values.indices {
                let value = values[index]
                // The usual scalars first.
                if value < 0x60 || value &- 0x3041 <= 0x9FFF - 0x3041 || value &- 0x3001 < 2 {
                    continue
                }
                if value == 0x60 {
                    values[index] = 0x27
                } else if value >= 0x80, let form = table[value] {
                    values[index] = form
                }
            }
        }
    }

    private static let training: [UInt32: UInt32] = {
        var table = first
        table[0x274C] = 0xD7
        table[0x274E] = 0xD7
        return table
    }()

    private static let documents: [UInt32: UInt32] = {
        var table = training
        table[0x226A] = nil
        table[0x226B] = nil
        return table
    }()

    /// Each form with the characters that it replaces.
    private static let first: [UInt32: UInt32] = {
        let groups: [(form: UInt32, others: String)] = [
            (0x22, "\u{201C}\u{201D}\u{201E}\u{201F}\u{301D}\u{301E}\u{301F}\u{2033}\u{AB}\u{BB}"),
            (0x27, "\u{2018}\u{2019}\u{201A}\u{201B}\u{2032}"),
            (0x30FB, "\u{B7}\u{2022}\u{2027}\u{2219}\u{22C5}\u{387}\u{16EB}\u{25E6}\u{2981}"),
            (0x2F, "\u{2044}\u{2215}\u{29F8}"),
            (0xB0, "\u{2DA}"),
            (0xD7, "\u{2715}\u{2716}\u{2A2F}\u{2717}\u{2718}"),
            (0x2192, "\u{21D2}\u{27A1}\u{2794}\u{279C}\u{27F6}\u{21E8}\u{2799}\u{279D}\u{279E}"),
            (0x2190, "\u{21D0}\u{2B05}\u{27F5}\u{21E6}"),
            (0x2191, "\u{21D1}\u{2B06}\u{21E7}"),
            (0x2193, "\u{21D3}\u{2B07}\u{21E9}"),
            (0x2194, "\u{21D4}\u{2B0C}"),
            (0x2266, "\u{2264}\u{2A7D}"),
            (0x2267, "\u{2265}\u{2A7E}"),
            (0x2252, "\u{2248}\u{2243}\u{2245}"),
            (0x25CB, "\u{25EF}\u{2B55}\u{26AA}\u{2B58}"),
            (0x25CF, "\u{2B24}\u{26AB}\u{23FA}"),
            (0x25A0, "\u{25FC}\u{25FE}\u{2B1B}\u{25AA}"),
            (0x25A1, "\u{25FB}\u{25FD}\u{2B1C}\u{25AB}"),
            (0x203B, "\u{2733}\u{2731}\u{204E}\u{2217}\u{273B}"),
            (0x2713, "\u{2714}\u{2611}\u{2705}\u{1F5F8}"),
            (0x300A, "\u{226A}\u{300A}\u{27EA}"),
            (0x300B, "\u{226B}\u{300B}\u{27EB}"),
            (0x3008, "\u{2329}\u{27E8}"),
            (0x2B, "\u{2795}"),
            (0x21, "\u{2757}\u{2755}"),
            (0x3F, "\u{2753}\u{2754}"),
            (0x3009, "\u{232A}\u{27E9}"),
        ]
        var table: [UInt32: UInt32] = [:]
        for group in groups {
            for other in group.others.unicodeScalars where other.value != group.form {
                table[other.value] = group.form
            }
        }
        return table
    }()
}
