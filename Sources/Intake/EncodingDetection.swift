// SPDX-License-Identifier: Apache-2.0

/// Finds out which encoding a file is in and decodes it.
///
/// Order: byte order mark, escape sequences of ISO-2022-JP, strict UTF-8, then CP932 or EUC-JP by
/// validity and, where both are valid, by which gives likelier Japanese and how often files of either came
/// before.
enum EncodingDetection {
    /// Decodes a file, with NUL bytes only where they are wanted; throws `binary`, `undecodable`, `ambiguous`, `mixedEncodings` or
    /// `encodingUnavailable`.
    static func decode(
        _ bytes: [UInt8], after former: FormerEncodings = FormerEncodings(),
        withNULs: Bool = false
    ) throws(IntakeError) -> DecodedText {
        if let (encoding, length) = byteOrderMark(of: bytes) {
            let decoded = try TextDecoding.text(
                of: Array(bytes[length...]), in: encoding, skipped: length)
            return withNULs && encoding == .utf8 ? decoded : try checked(decoded, bytes: bytes)
        }
        if bytes.contains(0) {
            if UnmarkedUTF16.isLikely(bytes) { throw .unmarkedUTF16 }
            if !withNULs { throw nulBytes(in: bytes) }
        }
        if let offset = firstControlOfBinary(bytes) { throw .binary(byteOffset: offset) }
        if SevenBitJIS.isUsed(in: bytes) { return try TextDecoding.text(of: bytes, in: .iso2022JP) }
        let (text, failure) = try TextDecoding.attempt(bytes, in: .utf8)
        if let text {
            if bytes.contains(where: isLeadOfForeign),
                let mixture = try LineEncodings(of: bytes).mixture
            {
                throw mixture
            }
            return try legacy(bytes, insteadOf: text, after: former)
                ?? DecodedText(text: text, encoding: .utf8)
        }
        if let mixture = try LineEncodings(of: bytes).mixture { throw mixture }
        if UTF8Scan(bytes).looksDamaged {
            throw .undecodable(encoding: .utf8, byteOffset: failure ?? 0)
        }
        return try decodeLegacy(bytes, after: former)
    }

    /// Decodes a file whose lines are records of their own: lines that are not of its encoding are faults
    /// by themselves where the others are mostly UTF-8, and so are lines with NUL bytes.
    ///
    /// Throws what is wrong with the file as a whole, as ``decode(_:after:)`` does.
    static func decodeLines(
        _ bytes: [UInt8], after former: FormerEncodings = FormerEncodings()
    ) throws(IntakeError) -> DecodedText {
        let mark = byteOrderMark(of: bytes)
        guard mark?.0 ?? .utf8 == .utf8 else { return try decode(bytes, after: former) }
        if bytes.contains(0), UnmarkedUTF16.isLikely(bytes) { throw .unmarkedUTF16 }
        var (rest, faults) = (bytes, linesWithNULs(bytes))
        // Of the same length, so that other faults keep their places.
        for line in faults.values { for place in line.range { rest[place] = 0x20 } }
        if !SevenBitJIS.isUsed(in: rest),
            String(validating: rest, as: UTF8.self) == nil || rest.contains(where: isLeadOfForeign)
        {
            let lines = try LineEncodings(of: rest)
            for line in lines.isMostlyUTF8 ? lines.lines : [] {
                guard let error = LineEncodings.fault(of: line) else { continue }
                faults[line.number] = (error, line.range)
                for place in line.range { rest[place] = 0x20 }
            }
        }
        var decoded = try decode(rest, after: former)
        decoded.lineFaults = faults.mapValues {
            .init(error: $0.error, bytes: Array(bytes[$0.range]))
        }
        return decoded
    }

    /// The faults of lines with NUL bytes, and the places of these lines, by their numbers.
    private static func linesWithNULs(
        _ bytes: [UInt8]
    ) -> [Int: (error: IntakeError, range: Range<Int>)] {
        var faults: [Int: (IntakeError, Range<Int>)] = [:]
        var (start, number) = (0, 1)
        while bytes.contains(0), start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            if let first = bytes[start..<end].firstIndex(of: 0) {
                let error = IntakeError.nulBytes(
                    count: bytes[start..<end].count { $0 == 0 }, line: number, byteOffset: first)
                faults[number] = (error, start..<end)
            }
            (start, number) = (end + 1, number + 1)
        }
        return faults
    }

    private static func byteOrderMark(of bytes: [UInt8]) -> (TextEncoding, length: Int)? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
        if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
        return nil
    }

    /// A file in UTF-16 is checked for NUL after decoding; before, every ASCII character has one.
    private static func checked(
        _ decoded: DecodedText, bytes: [UInt8]
    ) throws(IntakeError) -> DecodedText {
        guard decoded.text.hasByte(0) else { return decoded }
        guard decoded.encoding != .utf8 else {
            throw nulBytes(in: bytes)
        }
        let units = decoded.text.utf16.prefix { $0 != 0 }.count
        throw .binary(byteOffset: 2 + 2 * units)
    }

    /// The fault of bytes with NULs among them.
    static func nulBytes(in bytes: [UInt8]) -> IntakeError {
        let first = bytes.firstIndex(of: 0) ?? 0
        return .nulBytes(
            count: bytes.count { $0 == 0 }, line: 1 + bytes[..<first].count { $0 == 0x0A },
            byteOffset: first)
    }

    /// The first control character, if they are more than one byte in fifty; NULs are another matter.
    private static func firstControlOfBinary(_ bytes: [UInt8]) -> Int? {
        // White space, the end of a file in DOS, and escape.
        func isControl(_ byte: UInt8) -> Bool {
            byte != 0 && byte < 0x20 && !(0x09...0x0D).contains(byte) && byte != 0x1A
                && byte != 0x1B
                || byte == 0x7F
        }
        let count = bytes.withUnsafeBufferPointer { bytes in
            bytes.reduce(0) { $0 &+ (isControl($1) ? 1 : 0) }
        }
        return count * 50 > bytes.count ? bytes.firstIndex(where: isControl) : nil
    }

    /// A word or two of CP932 or EUC-JP may be valid UTF-8, as `熱発` is `Ǯȯ` and `ﾜｷ` one Syriac letter: the
    /// likelier reading of such bytes; nil where the text in UTF-8 is one that Japanese hospitals write.
    private static func legacy(
        _ bytes: [UInt8], insteadOf text: String, after former: FormerEncodings
    ) throws(IntakeError) -> DecodedText? {
        guard !bytes.contains(where: { $0 >= 0xE0 }),
            text.unicodeScalars.contains(where: { isForeign($0.value) })
        else { return nil }
        let windows = try TextDecoding.attempt(bytes, in: .windows31J).text
        let euc = try TextDecoding.attempt(bytes, in: .eucJP).text
        guard windows != nil || euc != nil else { return nil }
        let decoded = try decodeLegacy(bytes, after: former)
        let difference =
            JapaneseLikelihood(of: decoded.text).logarithm - JapaneseLikelihood(of: text).logarithm
            + former.logarithm(of: decoded.encoding, over: .utf8)
        guard abs(difference) >= leastDifference else { throw .ambiguous(.utf8, decoded.encoding) }
        return difference > 0 ? decoded : nil
    }

    /// Letters of scripts that stand in no Japanese text; Greek and Western European ones do.
    static func isForeign(_ value: UInt32) -> Bool {
        (0x0180...0x036F).contains(value) || (0x0400...0x07FF).contains(value)
    }

    /// Whether a byte begins such a letter in UTF-8.
    private static func isLeadOfForeign(_ byte: UInt8) -> Bool {
        (0xC6...0xCD).contains(byte) || (0xD0...0xDF).contains(byte)
    }

    private static func decodeLegacy(
        _ bytes: [UInt8], after former: FormerEncodings
    ) throws(IntakeError) -> DecodedText {
        let (windows, windowsFailure) = try TextDecoding.attempt(bytes, in: .windows31J)
        let (euc, eucFailure) = try TextDecoding.attempt(bytes, in: .eucJP)
        switch (windows, euc) {
        case (let windows?, nil): return DecodedText(text: windows, encoding: .windows31J)
        case (nil, let euc?): return DecodedText(text: euc, encoding: .eucJP)
        case (let windows?, let euc?):
            return try decided(windows: windows, euc: euc, after: former)
        case (nil, nil):
            throw try refusal(
                of: bytes, windowsFailure: windowsFailure ?? 0, eucFailure: eucFailure ?? 0)
        }
    }

    /// The error of bytes that neither encoding can read: of the one that went further or, where both
    /// end at the same byte, of the one that made likelier Japanese of what stands before it.
    private static func refusal(
        of bytes: [UInt8], windowsFailure: Int, eucFailure: Int
    ) throws(IntakeError) -> IntakeError {
        if windowsFailure != eucFailure {
            return windowsFailure > eucFailure
                ? .undecodable(encoding: .windows31J, byteOffset: windowsFailure)
                : .undecodable(encoding: .eucJP, byteOffset: eucFailure)
        }
        let prefix = Array(bytes[..<windowsFailure])
        let windows = try TextDecoding.attempt(prefix, in: .windows31J).text ?? ""
        let euc = try TextDecoding.attempt(prefix, in: .eucJP).text ?? ""
        return .undecodable(
            encoding: isLikelier(euc, than: windows) ? .eucJP : .windows31J,
            byteOffset: windowsFailure)
    }

    private static func isLikelier(_ text: String, than other: String) -> Bool {
        JapaneseLikelihood(of: text).logarithm > JapaneseLikelihood(of: other).logarithm
    }

    /// The likelier of two readings of the same bytes; throws `ambiguous` where neither is by far.
    private static func decided(
        windows: String, euc: String, after former: FormerEncodings
    ) throws(IntakeError) -> DecodedText {
        // Both have their line feeds at the same bytes.
        let lines = zip(windows.utf8.split(separator: 0x0A), euc.utf8.split(separator: 0x0A))
        var (difference, length) = (former.logarithm(of: .windows31J, over: .eucJP), 0)
        for (line, other) in lines where length < mostBytesCompared {
            difference += JapaneseLikelihood(of: String(Substring(line))).logarithm
            difference -= JapaneseLikelihood(of: String(Substring(other))).logarithm
            length += line.count
        }
        guard abs(difference) >= leastDifference else {
            throw .ambiguous(.windows31J, .eucJP)
        }
        return difference > 0
            ? DecodedText(text: windows, encoding: .windows31J)
            : DecodedText(text: euc, encoding: .eucJP)
    }

    /// How much likelier one reading has to be, as the logarithm of the ratio: below it one file of a name
    /// of a drug or disease in a thousand would be read wrongly, which nobody would notice.
    static let leastDifference = 6.0
    /// How much of a text decides, to whole lines.
    private static let mostBytesCompared = 64 << 10
}
