// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What each line of a text without byte order mark says of its encoding by itself, as of files that were put
/// together of parts from several programs.
struct LineEncodings {
    /// What one line shows.
    enum Evidence: Equatable {
        /// Valid UTF-8 with characters that three bytes or four are needed for.
        case utf8
        /// Not valid, but UTF-8 with a few wrong bytes.
        case damaged(byteOffset: Int)
        /// Not valid UTF-8, or much likelier in another encoding; nil where it may be CP932 or EUC-JP.
        case another(TextEncoding?)
        /// Valid in no encoding.
        case none(byteOffset: Int)
    }

    /// A line that is not ASCII alone.
    struct Line {
        /// Counted from 1.
        let number: Int
        /// Its bytes in the text, without the line feed.
        let range: Range<Int>
        let evidence: Evidence
        /// Where it is not valid UTF-8; where it begins if it is.
        let firstFault: Int
    }

    /// Lines with bytes that are not ASCII or with escape sequences; those that say nothing are left out.
    private(set) var lines: [Line] = []

    /// Looks at each line; throws `encodingUnavailable`.
    init(of bytes: [UInt8]) throws(IntakeError) {
        guard let windows = CharacterSetConversion(from: TextEncoding.windows31J.iconvName) else {
            throw .encodingUnavailable(.windows31J)
        }
        guard let euc = CharacterSetConversion(from: TextEncoding.eucJP.iconvName) else {
            throw .encodingUnavailable(.eucJP)
        }
        let places = Self.places(in: bytes)
        // The more lines there are, the more of them look by chance like what they are not.
        let margin = EncodingDetection.leastDifference + log(Double(max(places.count, 1)))
        for (number, range) in places {
            let line = Array(bytes[range])
            let reading = Reading(line, windows: windows, euc: euc, margin: margin)
            guard let evidence = reading.evidence(at: range.lowerBound) else { continue }
            lines.append(
                Line(
                    number: number, range: range, evidence: evidence,
                    firstFault: range.lowerBound + (reading.scan.firstFault ?? 0)))
        }
    }

    /// The lines that are not ASCII alone, with their numbers.
    private static func places(in bytes: [UInt8]) -> [(Int, Range<Int>)] {
        var (places, start, number): ([(Int, Range<Int>)], Int, Int) = ([], 0, 1)
        var isASCII = true
        for (place, byte) in bytes.enumerated() {
            if byte == 0x0A {
                if !isASCII { places.append((number, start..<place)) }
                (start, number, isASCII) = (place + 1, number + 1, true)
            } else if byte >= 0x80 || byte == 0x1B {
                isASCII = false
            }
        }
        if !isASCII { places.append((number, start..<bytes.count)) }
        return places
    }

    /// The error of a text whose lines are clearly in two encodings; nil where they may be in one.
    var mixture: IntakeError? {
        let utf8 = lines.first { $0.evidence == .utf8 }
        let others = lines.filter { if case .another = $0.evidence { true } else { false } }
        if let utf8, let other = others.first {
            let encoding = Self.encoding(of: other)
            return others.count * 2 <= lines.count
                ? .mixedEncodings(.utf8, encoding, line: other.number)
                : .mixedEncodings(encoding, .utf8, line: utf8.number)
        }
        let named = others.compactMap { line in
            if case .another(let encoding?) = line.evidence { (encoding, line.number) } else { nil }
        }
        guard let first = named.first, let other = named.first(where: { $0.0 != first.0 }) else {
            return nil
        }
        return named.count { $0.0 == first.0 } * 2 >= named.count
            ? .mixedEncodings(first.0, other.0, line: other.1)
            : .mixedEncodings(other.0, first.0, line: first.1)
    }

    /// Whether at least as many lines are UTF-8, one of them valid, as are anything else.
    var isMostlyUTF8: Bool {
        let wrong = lines.count {
            switch $0.evidence {
            case .utf8, .damaged: false
            case .another, .none: true
            }
        }
        return wrong * 2 <= lines.count && lines.contains { $0.evidence == .utf8 }
    }

    /// What is wrong with a line of a text in UTF-8; nil for one that belongs to it.
    static func fault(of line: Line) -> IntakeError? {
        switch line.evidence {
        case .utf8: nil
        case .another(let encoding?) where line.firstFault == line.range.lowerBound:
            .mixedEncodings(.utf8, encoding, line: line.number)
        default: .undecodable(encoding: .utf8, byteOffset: line.firstFault)
        }
    }

    private static func encoding(of line: Line) -> TextEncoding {
        if case .another(let encoding?) = line.evidence { encoding } else { .windows31J }
    }

    /// One line in each encoding.
    private struct Reading {
        let line: [UInt8]
        let scan: UTF8Scan
        private let windows: String?
        private let euc: String?
        private let margin: Double

        init(
            _ line: [UInt8], windows: borrowing CharacterSetConversion,
            euc: borrowing CharacterSetConversion, margin: Double
        ) {
            self.line = line
            self.margin = margin
            scan = UTF8Scan(line)
            // Nearly all lines of Japanese in UTF-8 are valid in nothing else that is likely.
            let isNeeded = scan.firstFault != nil || scan.validBytes == 0 || scan.highBytes < 12
            self.windows = isNeeded ? Self.text(of: line, by: windows) : nil
            self.euc =
                isNeeded && TextDecoding.firstStrayByteOfEUC(line) == nil
                ? Self.text(of: line, by: euc) : nil
        }

        private static func text(
            of line: [UInt8], by conversion: borrowing CharacterSetConversion
        ) -> String? {
            let (utf8, failure) = conversion.converted(line)
            return failure == nil ? String(decoding: utf8, as: UTF8.self) : nil
        }

        /// What the line shows; nil for a line that says nothing. The line begins at this byte of its text.
        func evidence(at start: Int) -> Evidence? {
            if line.contains(0x1B) {
                if SevenBitJIS.isUsed(in: line) { return .another(.iso2022JP) }
                guard scan.highBytes > 0 else { return nil }
            }
            guard let fault = scan.firstFault else { return validEvidence }
            if scan.looksDamaged, scan.validBytes > 0 { return .damaged(byteOffset: start + fault) }
            guard windows != nil || euc != nil else { return .none(byteOffset: start + fault) }
            return .another(legacy)
        }

        /// Of a line of valid UTF-8.
        private var validEvidence: Evidence? {
            let text = String(decoding: line, as: UTF8.self)
            let likelihood = JapaneseLikelihood(of: text).logarithm
            let difference = [windows, euc].compactMap(\.self)
                .map { JapaneseLikelihood(of: $0).logarithm - likelihood }.max()
            if scan.validBytes > 0 {
                return difference.map { $0 > -EncodingDetection.leastDifference } ?? false
                    ? nil : .utf8
            }
            // `β` and `±` are read in either, `Ǯȯ` is `熱発` in EUC-JP.
            guard let difference, difference >= margin,
                text.unicodeScalars.contains(where: { EncodingDetection.isForeign($0.value) })
            else { return nil }
            return legacy.map { .another($0) }
        }

        /// CP932 or EUC-JP; nil where both are about as likely.
        private var legacy: TextEncoding? {
            guard let windows else { return euc == nil ? nil : .eucJP }
            guard let euc else { return .windows31J }
            let difference =
                JapaneseLikelihood(of: windows).logarithm - JapaneseLikelihood(of: euc).logarithm
            guard abs(difference) >= margin else { return nil }
            return difference > 0 ? .windows31J : .eucJP
        }
    }
}
