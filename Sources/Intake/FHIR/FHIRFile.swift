// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JSONFiles

/// The resources of a file: one, or one a line.
struct FHIRFile {
    /// A resource, or why there is none, with its line where each line is one.
    struct Record {
        let line: Int?
        let resource: Result<FHIRElement, IntakeError>
    }

    let records: [Record]

    /// Reads a file in UTF-8; throws `flaw` where it is one resource that cannot be read.
    init(_ utf8: [UInt8], limits: IntakeLimits) throws(IntakeError) {
        try Self.check(utf8, limits: limits, checksDepth: false)
        let lines = Self.lines(of: utf8, limit: limits.maximumRecords + 1)
        guard Self.isLineByLine(lines.map { utf8[$0.range] }, of: utf8) else {
            records = [
                Record(line: nil, resource: .success(try Self.resource(utf8, limits: limits)))
            ]
            return
        }
        guard lines.count <= limits.maximumRecords else {
            throw FHIRElement.flaw(.tooMuch(of: "records", limit: limits.maximumRecords))
        }
        records = lines.map { line in
            do throws(IntakeError) {
                let resource = try Self.resource(Array(utf8[line.range]), limits: limits)
                return Record(line: line.number, resource: .success(resource))
            } catch {
                return Record(line: line.number, resource: .failure(error))
            }
        }
    }

    /// The first lines that are not blank, with their numbers.
    private static func lines(
        of utf8: [UInt8], limit: Int
    ) -> [(number: Int, range: Range<Int>)] {
        utf8.withUnsafeBufferPointer { bytes in
            var result: [(number: Int, range: Range<Int>)] = []
            // Of a line, the bytes from the first to the last that are not blank.
            var (number, first, last) = (1, -1, -1)
            func end() {
                if first >= 0 { result.append((number, first..<(last + 1))) }
                (number, first, last) = (number + 1, -1, -1)
            }
            for index in bytes.indices.dropFirst(utf8.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0) {
                if bytes[index] == 0x0A {
                    end()
                    if result.count >= limit { return result }
                } else if !JSONLines.isSpace(bytes[index]) {
                    if first < 0 { first = index }
                    last = index
                }
            }
            end()
            return result
        }
    }

    /// Whether each line is an object of its own: the first is one or, where that is broken and the file is no
    /// JSON as a whole, most of them look like one.
    private static func isLineByLine(_ lines: [ArraySlice<UInt8>], of utf8: [UInt8]) -> Bool {
        guard lines.count > 1, let first = lines.first, first.first == UInt8(ascii: "{") else {
            return false
        }
        if TextSignature.isWholeJSON(first) { return true }
        let whole = lines.filter { $0.first == UInt8(ascii: "{") && $0.last == UInt8(ascii: "}") }
        return whole.count * 2 >= lines.count && !TextSignature.isWholeJSON(utf8[...])
    }

    /// A resource of its own bytes; throws `flaw`.
    static func resource(
        _ json: [UInt8], limits: IntakeLimits
    ) throws(IntakeError) -> FHIRElement {
        try check(json, limits: limits, checksDepth: true)
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONValue(parsing: json, namesOnce: true)
        } catch {
            switch error {
            case .malformed:
                throw FHIRElement.flaw(.malformed(expected: "JSON (RFC 8259)", byteOffset: nil))
            case .duplicate(let name):
                let isPlain = name.unicodeScalars.allSatisfy {
                    $0.isASCII && $0.properties.isAlphabetic
                }
                throw FHIRElement.flaw(
                    .contradiction(
                        "the name \(isPlain ? name : "of a member") stands twice in one object"))
            case .tooLarge(_, let limit):
                throw FHIRElement.flaw(.tooMuch(of: "values", limit: limit))
            }
        }
        let resource = try FHIRElement(value)
        guard resource.resourceType != nil else {
            throw FHIRElement.flaw(.missing(field: "resourceType"))
        }
        return resource
    }

    /// Refuses what has too many levels or values before any of it is in memory.
    private static func check(
        _ json: [UInt8], limits: IntakeLimits, checksDepth: Bool
    ) throws(IntakeError) {
        let deepest = min(limits.maximumDepth, JSONValue.depthLimit)
        // A resource has many small values; one takes some 50 bytes.
        let most = limits.maximumParts.multipliedReportingOverflow(by: 20).partialValue
        var (depth, values, isString, isEscaped) = (0, 0, false, false)
        for byte in json {
            if isString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isString = false
                }
                continue
            }
            // Most others are blank, or part of a number or word.
            guard byte < 0x2D || byte > 0x5A else { continue }
            switch byte {
            case UInt8(ascii: "\""): isString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                values += 1
                if checksDepth, depth > deepest {
                    throw FHIRElement.flaw(
                        .tooMuch(of: "levels of objects and lists", limit: deepest))
                }
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ","): values += 1
            // A string that a broken line leaves open ends with it.
            case 0x0A where !checksDepth: isString = false
            default: break
            }
            if values > most { throw FHIRElement.flaw(.tooMuch(of: "values", limit: most)) }
        }
    }
}
