// SPDX-License-Identifier: Apache-2.0

/// A compiled MeCab dictionary as it lies on disk.
///
/// libmecab maps such files and follows the numbers in them without a check, so that a damaged file
/// ends the program. Everything that it follows is checked here first. Layout (MeCab 0.996,
/// dictionary.cpp): ten little-endian 32-bit numbers (magic, version, type, lexsize, lsize, rsize,
/// dsize, tsize, fsize, reserved), 32 bytes character set, a double array, 16 bytes a token, features
/// ending in NUL.
struct CompiledDictionary: Sendable {
    /// The number that the first field and the file's size must make together.
    private static let magic: UInt32 = 0xEF71_8F77
    private static let version: UInt32 = 102
    private static let headerBytes = 72
    private static let bytesPerToken = 16
    /// A dictionary is refused above this size.
    static let mostBytes = 2 << 30

    /// What a dictionary is for.
    enum Kind: UInt32 {
        case system = 0
        case user = 1
    }

    /// One word's numbers.
    struct Token {
        let leftContext: UInt16
        let rightContext: UInt16
        let cost: Int16
        let feature: Int
    }

    private let path: String
    private let file: MappedFile
    /// Words in it.
    let tokenCount: Int
    /// Number of left contexts of the system dictionary that it was made for.
    let leftContexts: Int
    /// Number of right contexts.
    let rightContexts: Int
    /// Where the parts of the file lie.
    private let unitBytes: Range<Int>
    private let tokenBytes: Range<Int>
    private let featureBytes: Range<Int>

    /// Opens a dictionary and checks its header and sizes; `kind` is what it must be.
    ///
    /// Throws `MorphologyError.dictionaryFileMissing`, `.malformedDictionary` naming the field, or
    /// `.wrongCharacterSet`.
    init(path: String, kind: Kind) throws(MorphologyError) {
        self.path = path
        file = try MappedFile(path: path, mostBytes: Self.mostBytes)
        let size = file.count
        func wrong(_ field: String, _ found: Int) -> MorphologyError {
            .malformedDictionary(path: path, field: field, found: found)
        }
        guard size >= Self.headerBytes else { throw wrong("size", size) }
        let header = file.withBytes { Array($0[..<Self.headerBytes]) }
        func number(_ index: Int) -> UInt32 {
            header[index * 4..<index * 4 + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
        guard number(0) ^ Self.magic == UInt32(truncatingIfNeeded: size) else {
            throw wrong("magic", Int(number(0)))
        }
        guard number(1) == Self.version else { throw wrong("version", Int(number(1))) }
        guard number(2) == kind.rawValue else { throw wrong("type", Int(number(2))) }
        tokenCount = Int(number(3))
        leftContexts = Int(number(4))
        rightContexts = Int(number(5))
        let (units, tokens, features) = (Int(number(6)), Int(number(7)), Int(number(8)))
        guard units > 0, units % 8 == 0 else { throw wrong("dsize", units) }
        guard tokens == tokenCount * Self.bytesPerToken else { throw wrong("tsize", tokens) }
        guard Self.headerBytes + units + tokens + features == size else {
            throw wrong("fsize", features)
        }
        let name = String(decoding: header[40...].prefix { $0 != 0 }, as: UTF8.self)
        guard ["UTF8", "UTF-8"].contains(name.uppercased()) else {
            throw .wrongCharacterSet(path: path, characterSet: name.escapedASCII)
        }
        unitBytes = Self.headerBytes..<Self.headerBytes + units
        tokenBytes = unitBytes.upperBound..<unitBytes.upperBound + tokens
        featureBytes = tokenBytes.upperBound..<size
    }

    /// Calls `body` with the double array, which must not leave it.
    private func withUnits<Value>(_ body: (DoubleArray) -> Value) -> Value {
        file.withBytes { body(DoubleArray(UnsafeRawBufferPointer(rebasing: $0[unitBytes]))) }
    }

    /// Checks every number that MeCab would follow; linear in the size of the file.
    func checkContents() throws(MorphologyError) {
        if let unit = withUnits({ $0.firstFault(tokenCount: tokenCount) }) {
            throw .malformedDictionary(path: path, field: "double array", found: unit)
        }
        let lastByte = file.withBytes { $0[featureBytes].last }
        guard tokenCount == 0 || lastByte == 0 else {
            throw .malformedDictionary(path: path, field: "features", found: featureBytes.count)
        }
        for index in 0..<tokenCount {
            let token = token(index)
            guard Int(token.leftContext) < leftContexts, Int(token.rightContext) < rightContexts,
                token.feature < featureBytes.count
            else { throw .malformedDictionary(path: path, field: "token", found: index) }
        }
    }

    /// A word's numbers; `index` must be below `tokenCount`.
    func token(_ index: Int) -> Token {
        let start = tokenBytes.lowerBound + index * Self.bytesPerToken
        return file.withBytes { bytes in
            func half(_ offset: Int) -> UInt16 {
                UInt16(
                    littleEndian: bytes.loadUnaligned(
                        fromByteOffset: start + offset, as: UInt16.self))
            }
            let feature = UInt32(
                littleEndian: bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt32.self))
            return Token(
                leftContext: half(0), rightContext: half(2), cost: Int16(bitPattern: half(6)),
                feature: Int(feature))
        }
    }

    /// The features of a word without their NUL.
    func features(of token: Token) -> [UInt8] {
        guard token.feature < featureBytes.count else { return [] }
        return file.withBytes { bytes in
            Array(
                bytes[featureBytes][(featureBytes.lowerBound + token.feature)...].prefix { $0 != 0 }
            )
        }
    }

    /// The words that are exactly `key`, given in UTF-8 and in the letters of the dictionary.
    func words(_ key: some Collection<UInt8>) -> [Token] {
        guard let run = withUnits({ $0.value(of: key) }) else { return [] }
        return Self.tokenRange(run).filter { $0 < tokenCount }.map(token)
    }

    /// Calls `body` with every word of the dictionary in the order of their bytes.
    ///
    /// The dictionary must have passed `checkContents`.
    func forEachWord(_ body: (_ key: [UInt8], _ word: Token) -> Void) {
        withUnits { units in
            units.forEachKey { key, run in
                for index in Self.tokenRange(run) where index < tokenCount {
                    body(key, token(index))
                }
            }
        }
    }

    /// A key's value holds its number of tokens in the lowest byte and the first above it.
    static func tokenRange(_ value: Int) -> Range<Int> { value >> 8..<(value >> 8) + value & 0xFF }
}

extension String {
    /// The text with everything but printable ASCII replaced, since it comes from a damaged file.
    fileprivate var escapedASCII: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { (0x21...0x7E).contains($0.value) ? $0 : "?" }))
    }
}
