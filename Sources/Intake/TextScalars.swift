// SPDX-License-Identifier: Apache-2.0

extension Unicode.Scalar {
    /// Whether it has the property White_Space (Unicode Standard, PropList.txt); the library's own look-up takes
    /// most of the time in which a text is looked at.
    var isSpace: Bool {
        switch value {
        case 0x09...0x0D, 0x20: true
        case ..<0x85: false
        case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }
}

extension String {
    /// How many Unicode scalars it has, counted by their first bytes.
    var scalarCount: Int {
        var copy = self
        return copy.withUTF8 { bytes in
            bytes.reduce(0) { $0 &+ ($1 & 0xC0 == 0x80 ? 0 : 1) }
        }
    }

    /// Whether one of its bytes in UTF-8 is this.
    func hasByte(_ byte: UInt8) -> Bool {
        var copy = self
        return copy.withUTF8 { $0.contains(byte) }
    }

    /// A text of bytes in UTF-8; nil where they are not valid.
    init?(utf8 bytes: ArraySlice<UInt8>) {
        guard let valid = try? UTF8Span(validating: bytes.span) else { return nil }
        self.init(copying: valid)
    }

    /// A text of these scalars.
    init(scalars: some Collection<Unicode.Scalar>) {
        var utf8: [UInt8] = []
        utf8.reserveCapacity(scalars.count * 3)
        for scalar in scalars {
            if scalar.isASCII {
                utf8.append(UInt8(truncatingIfNeeded: scalar.value))
            } else {
                utf8.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        self.init(decoding: utf8, as: UTF8.self)
    }

    /// What is left without scalars of a kind at the end.
    func trimmingScalarsAtEnd(_ isEdge: (Unicode.Scalar) -> Bool) -> String {
        let scalars = unicodeScalars
        guard let last = scalars.last, isEdge(last) else { return self }
        let end = scalars.lastIndex { !isEdge($0) }.map { scalars.index(after: $0) }
        return String(scalars[..<(end ?? scalars.startIndex)])
    }

    /// What is left without scalars of a kind at the beginning and at the end.
    func trimmingScalars(_ isEdge: (Unicode.Scalar) -> Bool) -> String {
        let scalars = unicodeScalars
        guard let first = scalars.first, let last = scalars.last, isEdge(first) || isEdge(last)
        else { return self }
        return String(scalars.trimmed(isEdge))
    }
}
