// SPDX-License-Identifier: Apache-2.0
import JapaneseText
import RowFiles

/// Turns the rows of one file into terms.
struct TermRows {
    /// The columns of the main table of the 標準病名マスター that are read, from 0: change flag,
    /// management number, name, kana, adoption, exchange code, ICD-10, …, number of the successor.
    private enum MasterColumn {
        static let name = 2
        static let kana = 3
        static let code = 6
        static let successor = 15
        static let least = 16
    }

    private let format: TermFileFormat
    private let file: String
    private let surface: Int
    private let reading: Int?
    private let type: Int?
    private let code: Int?
    private let standardName: Int?
    private let cost: Int?
    private let certainty: Int?
    private let leastFields: Int

    /// Finds the columns; throws ``TermFileError/missingColumn(file:column:)``.
    init(format: TermFileFormat, header: [String], file: String) throws(TermFileError) {
        func index(_ name: String) -> Int? { header.firstIndex(of: name) }
        func needed(_ name: String) throws(TermFileError) -> Int {
            guard let index = index(name) else { throw .missingColumn(file: file, column: name) }
            return index
        }
        func beginning(_ start: String) throws(TermFileError) -> Int {
            guard let index = header.firstIndex(where: { $0.hasPrefix(start) }) else {
                throw .missingColumn(file: file, column: start)
            }
            return index
        }
        self.format = format
        self.file = file
        var columns: (Int?, Int?, Int?, Int?, Int?, Int?) = (nil, nil, nil, nil, nil, nil)
        switch format {
        case .diseases:
            surface = try needed("surface")
            columns = (nil, nil, try needed("icd10"), try needed("standard_name"), nil, nil)
        case .manbyo:
            surface = try needed("出現形")
            columns = (
                index("出現形よみ"), nil, try beginning("ICD"), try needed("標準病名"), nil,
                try beginning("信頼度")
            )
        case .hyakuyaku:
            surface = try needed("出現形")
            columns = (index("出現形よみ"), nil, nil, try needed("一般名"), nil, nil)
        case .cancerEvents:
            surface = try needed("出現形")
            columns = (nil, nil, try needed("[ICDコード]"), try needed("[標準病名]"), nil, nil)
        case .cancerDrugs:
            surface = try needed("一般名")
            columns = (nil, nil, nil, surface, nil, nil)
        case .hospital:
            surface = try needed("surface")
            columns = (
                index("reading"), try needed("type"), index("code"), index("standard_name"),
                index("cost"), nil
            )
        case .byomei:
            surface = MasterColumn.name
            columns = (MasterColumn.kana, nil, MasterColumn.code, MasterColumn.name, nil, nil)
        case .diseaseList, .drugList:
            surface = 0
        }
        (reading, type, code, standardName, cost, certainty) = columns
        for index in [surface, reading, type, code, standardName, cost, certainty].compactMap(
            \.self)
        where header.indices.contains(index) && header.count(where: { $0 == header[index] }) > 1 {
            throw .repeatedColumn(file: file, column: header[index])
        }
        leastFields =
            format == .byomei
            ? MasterColumn.least
            : ([surface, type, format == .hospital ? nil : code, certainty].compactMap { $0 }.max()
                ?? 0) + 1
    }

    /// How sure the file is of a row; `s` in files that do not say. An empty field is `f`.
    func confidence(of row: SeparatedValues.Row) throws(TermFileError) -> TermConfidence {
        try checkCount(row)
        guard let certainty else { return .s }
        guard let text = field(row, certainty) else { return .f }
        guard let confidence = TermConfidence(rawValue: text) else {
            throw value(
                row, certainty, "信頼度",
                TermConfidence.allCases.map(\.rawValue).joined(separator: ", ")
            )
        }
        return confidence
    }

    /// The term of a row; nil for a row that says that it is void.
    func term(of row: SeparatedValues.Row) throws(TermFileError) -> SourceTerm? {
        try checkCount(row)
        guard let surface = field(row, surface) else {
            throw value(row, surface, "the term", "a text that is not empty")
        }
        if format == .byomei, field(row, MasterColumn.successor) != nil { return nil }
        let name = standardName.flatMap { field(row, $0) }
        // [AMB], [NON], [TRE]: what stands there says why there is no name.
        let isMark = name.map { $0.hasPrefix("[") && $0.hasSuffix("]") } ?? false
        let rawCode = code.flatMap { field(row, $0) }
        let type = try termType(of: row, mark: isMark ? name : nil)
        return SourceTerm(
            line: row.line, surface: surface, reading: reading.flatMap { field(row, $0) },
            type: type,
            code: type == .disease ? rawCode.flatMap(DiseaseCodes.normalized) : rawCode,
            standardName: isMark ? nil : name, cost: try cost(of: row))
    }

    private func termType(
        of row: SeparatedValues.Row, mark: String?
    ) throws(TermFileError) -> TermType {
        if let column = type {
            guard let text = field(row, column), let type = TermType(rawValue: text) else {
                throw value(
                    row, column, "type",
                    TermType.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return type
        }
        switch format {
        case .hyakuyaku: return ["[NON]", "[TRE]"].contains(mark) ? .other : .drug
        case .cancerDrugs, .drugList: return .drug
        default: return .disease
        }
    }

    private func cost(of row: SeparatedValues.Row) throws(TermFileError) -> Int16? {
        guard let column = cost, let text = field(row, column) else { return nil }
        guard let cost = Int16(text) else {
            throw value(row, column, "cost", "a whole number from -32768 to 32767")
        }
        return cost
    }

    private func checkCount(_ row: SeparatedValues.Row) throws(TermFileError) {
        guard row.fields.count >= leastFields else {
            throw .fieldCount(
                file: file, line: row.line, expected: leastFields, found: row.fields.count)
        }
    }

    /// The field without white space around it; nil if nothing is left or it is missing.
    private func field(_ row: SeparatedValues.Row, _ index: Int) -> String? {
        guard row.fields.indices.contains(index) else { return nil }
        let scalars = row.fields[index].unicodeScalars
        let isSpace = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
        guard let first = scalars.firstIndex(where: { !isSpace($0) }),
            let last = scalars.lastIndex(where: { !isSpace($0) })
        else { return nil }
        return String(scalars[first...last])
    }

    private func value(
        _ row: SeparatedValues.Row, _ index: Int, _ name: String, _ allowed: String
    ) -> TermFileError {
        .value(file: file, line: row.line, column: index + 1, name: name, allowed: allowed)
    }
}
