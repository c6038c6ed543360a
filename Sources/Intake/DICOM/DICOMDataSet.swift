// SPDX-License-Identifier: Apache-2.0

/// The elements of a data set or of an item of a sequence, by their tags (DICOM PS3.5, chapter 7).
struct DICOMDataSet {
    /// What an element holds.
    enum Value {
        case bytes(ArraySlice<UInt8>)
        case items([DICOMDataSet])
    }

    private(set) var elements: [UInt32: Value] = [:]

    /// The bytes of an element; nil where it is lacking or a sequence.
    func bytes(_ tag: UInt32) -> ArraySlice<UInt8>? {
        guard case .bytes(let bytes) = elements[tag] else { return nil }
        return bytes
    }

    /// The items of a sequence; none where it is lacking.
    func items(_ tag: UInt32) -> [DICOMDataSet] {
        guard case .items(let items) = elements[tag] else { return [] }
        return items
    }

    /// A value of ASCII without the padding around it; nil where nothing stands there.
    func word(_ tag: UInt32) -> String? {
        guard let bytes = bytes(tag) else { return nil }
        let word = bytes.trimmed { $0 <= 0x20 }
        guard !word.isEmpty, word.allSatisfy({ $0 < 0x80 }) else { return nil }
        return String(decoding: word, as: UTF8.self)
    }

    /// Adds an element; false where it stands there already.
    fileprivate mutating func add(_ tag: UInt32, _ value: Value) -> Bool {
        elements.updateValue(value, forKey: tag) == nil
    }
}

/// Reads the elements of a file, little endian, with their value representations or without.
struct DICOMParser {
    private let bytes: [UInt8]
    private let mostElements: Int
    private let deepest: Int
    private var index: Int
    private var elements = 0

    private static let undefined: UInt32 = 0xFFFF_FFFF
    private static let (item, endOfItem, endOfSequence): (UInt32, UInt32, UInt32) = (
        0xFFFE_E000, 0xFFFE_E00D, 0xFFFE_E0DD
    )
    /// Value representations with a length of four bytes.
    private static let long: Set<String> = [
        "OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV",
    ]
    /// Sequences that are looked into; without a representation nothing else tells them from a value.
    private static let sequences: Set<UInt32> = [
        0x0040_A730, 0x0040_A043, 0x0040_A168, 0x0040_A370, 0x0040_A073, 0x0040_A078, 0x0040_A360,
        0x0008_1115, 0x0008_1199,
    ]

    /// A parser of what begins at an offset.
    init(_ bytes: [UInt8], at index: Int, limits: IntakeLimits) {
        (self.bytes, self.index) = (bytes, index)
        mostElements = limits.maximumParts
        deepest = min(20, limits.maximumDepth)
    }

    /// The elements of the file's own group 0002, which always have their representations.
    mutating func header() throws(FormatFlaw) -> DICOMDataSet {
        var header = DICOMDataSet()
        while bytes.count - index >= 4, bytes[index] == 0x02, bytes[index + 1] == 0 {
            try element(of: &header, end: bytes.count, isExplicit: true, depth: 0)
        }
        return header
    }

    /// The elements to the end of the file, where zeros may stand.
    mutating func content(isExplicit: Bool) throws(FormatFlaw) -> DICOMDataSet {
        var content = DICOMDataSet()
        while index < bytes.count {
            if bytes[index] == 0, bytes[index...].allSatisfy({ $0 == 0 }) { break }
            try element(of: &content, end: bytes.count, isExplicit: isExplicit, depth: 0)
        }
        return content
    }

    private func malformed(_ expected: String) -> FormatFlaw {
        .malformed(expected: expected, byteOffset: index)
    }

    /// A number of so many bytes before an end.
    private mutating func number(_ count: Int, end: Int) throws(FormatFlaw) -> UInt32 {
        guard end - index >= count else { throw malformed("a whole element of DICOM") }
        var value: UInt32 = 0
        for place in 0..<count { value |= UInt32(bytes[index + place]) << UInt32(8 * place) }
        index += count
        return value
    }

    private mutating func tag(end: Int) throws(FormatFlaw) -> UInt32 {
        let group = try number(2, end: end)
        return try group << 16 | number(2, end: end)
    }

    private mutating func element(
        of set: inout DICOMDataSet, end: Int, isExplicit: Bool, depth: Int
    ) throws(FormatFlaw) {
        let start = index
        let tag = try tag(end: end)
        try element(tag, of: &set, end: end, isExplicit: isExplicit, depth: depth, from: start)
    }

    private mutating func element(
        _ tag: UInt32, of set: inout DICOMDataSet, end: Int, isExplicit: Bool, depth: Int,
        from start: Int
    ) throws(FormatFlaw) {
        elements += 1
        guard elements <= mostElements else {
            throw .tooMuch(of: "elements of DICOM", limit: mostElements)
        }
        var representation: String?
        if isExplicit {
            guard end - index >= 4,
                bytes[index..<(index + 2)].allSatisfy({ (0x41...0x5A).contains($0) })
            else { throw malformed("the representation of an element's value") }
            representation = String(decoding: bytes[index..<(index + 2)], as: UTF8.self)
            index += 2
        }
        let length: UInt32
        if let representation {
            let isLong = Self.long.contains(representation)
            if isLong { index += 2 }
            length = try number(isLong ? 4 : 2, end: end)
        } else {
            length = try number(4, end: end)
        }
        let isSequence =
            representation == "SQ" || length == Self.undefined
            || representation == nil && Self.sequences.contains(tag)
        let value: DICOMDataSet.Value
        if isSequence {
            // What has no known representation is written without any within it.
            value = .items(
                try items(
                    length, end: end, isExplicit: isExplicit && representation != "UN",
                    depth: depth + 1))
        } else {
            guard Int(length) <= end - index else {
                throw malformed("an element no longer than what holds it")
            }
            value = .bytes(bytes[index..<(index + Int(length))])
            index += Int(length)
        }
        guard set.add(tag, value) else {
            throw .malformed(
                expected: "an element that does not stand there twice", byteOffset: start)
        }
    }

    /// The items of a sequence, or the fragments of a picture, which are left out.
    private mutating func items(
        _ length: UInt32, end: Int, isExplicit: Bool, depth: Int
    ) throws(FormatFlaw) -> [DICOMDataSet] {
        guard depth <= deepest else { throw .tooMuch(of: "levels of sequences", limit: deepest) }
        let isOpen = length == Self.undefined
        guard isOpen || Int(length) <= end - index else {
            throw malformed("a sequence no longer than what holds it")
        }
        let end = isOpen ? end : index + Int(length)
        var items: [DICOMDataSet] = []
        while isOpen || index < end {
            let tag = try tag(end: end)
            let length = try number(4, end: end)
            if tag == Self.endOfSequence, isOpen { return items }
            elements += 1
            guard tag == Self.item, elements <= mostElements else {
                throw tag == Self.item
                    ? .tooMuch(of: "elements of DICOM", limit: mostElements)
                    : malformed("an item of a sequence")
            }
            items.append(
                try item(length, end: end, isExplicit: isExplicit, depth: depth))
        }
        return items
    }

    private mutating func item(
        _ length: UInt32, end: Int, isExplicit: Bool, depth: Int
    ) throws(FormatFlaw) -> DICOMDataSet {
        let isOpen = length == Self.undefined
        guard isOpen || Int(length) <= end - index else {
            throw malformed("an item no longer than what holds it")
        }
        let end = isOpen ? end : index + Int(length)
        var set = DICOMDataSet()
        while isOpen || index < end {
            let start = index
            let tag = try tag(end: end)
            if tag == Self.endOfItem, isOpen {
                _ = try number(4, end: end)
                return set
            }
            try element(tag, of: &set, end: end, isExplicit: isExplicit, depth: depth, from: start)
        }
        return set
    }
}
