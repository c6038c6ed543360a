// SPDX-License-Identifier: Apache-2.0
import XMLFiles

/// The parts of a workbook in Office Open XML that hold a sheet's values.
struct WorkbookPackage {
    /// The sheet's rows.
    let sheet: XMLTree
    let strings: SharedStrings
    let formats: CellFormats
    /// Whether days are counted from 1904.
    let countsFrom1904: Bool
    /// How many sheets are not read.
    let otherSheets: Int

    private static let relationships =
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    private static let strictRelationships =
        "http://purl.oclc.org/ooxml/officeDocument/relationships"

    /// Reads a file; `name` is that of the sheet, or nil for the first that is shown.
    init(of bytes: [UInt8], sheet name: String?, limits: IntakeLimits) throws(FormatFlaw) {
        try Self.refuseOther(bytes)
        let outline = try PackageParts(of: bytes, limits: limits) {
            $0.hasSuffix(".rels") && !$0.contains("worksheets/") || $0 == "[Content_Types].xml"
                || $0.hasSuffix("/workbook.xml")
        }
        guard !outline.names.contains(where: { $0.lowercased().hasSuffix("vbaproject.bin") }) else {
            throw .contradiction("it holds macros; save it as .xlsx, which has none")
        }
        let workbook = try Self.workbookPath(outline, limits)
        let book = try Self.tree(workbook, in: outline, limits).root
        let targets = try Self.targets(of: workbook, in: outline, limits)
        let sheets = book.first("sheets")?.all("sheet") ?? []
        let chosen = try Self.chosen(name, among: sheets)
        guard let path = Self.relationship(of: chosen).flatMap({ targets[$0]?.path }) else {
            throw .missing(field: "the sheet's part")
        }
        let stringsPath = targets.values.first { $0.kind == "sharedStrings" }?.path
        let stylesPath = targets.values.first { $0.kind == "styles" }?.path
        let parts = try PackageParts(of: bytes, limits: limits) {
            $0 == path || $0 == stringsPath || $0 == stylesPath
        }
        sheet = try Self.tree(path, in: parts, limits)
        strings = SharedStrings(
            try stringsPath.map { path throws(FormatFlaw) in try Self.tree(path, in: parts, limits)
            })
        formats = CellFormats(
            try stylesPath.map { path throws(FormatFlaw) in try Self.tree(path, in: parts, limits) }
        )
        countsFrom1904 = ["1", "true"].contains(
            book.first("workbookPr")?.attribute("date1904") ?? "")
        otherSheets = sheets.count - 1
    }

    /// Throws for workbooks of another kind: those of Excel 97, and encrypted ones, which lie in its container.
    private static func refuseOther(_ bytes: [UInt8]) throws(FormatFlaw) {
        guard bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) else { return }
        var mark: [UInt8] = []
        for letter in "EncryptedPackage".utf8 { mark += [letter, 0] }
        // The names of its streams stand in sectors of 512 bytes, in entries of 128.
        for place in stride(from: 512, to: bytes.count, by: 128) {
            let entry = bytes[place...].prefix(mark.count)
            if entry.elementsEqual(mark) { throw .encrypted }
        }
        throw .malformed(expected: "a workbook as .xlsx, not as .xls", byteOffset: 0)
    }

    private static func chosen(
        _ name: String?, among sheets: [XMLTree.Element]
    ) throws(FormatFlaw) -> XMLTree.Element {
        if let name {
            guard let sheet = sheets.first(where: { $0.attribute("name") == name }) else {
                throw .missing(field: "the sheet that the mapping names")
            }
            return sheet
        }
        let shown = sheets.first { ($0.attribute("state") ?? "visible") == "visible" }
        guard let sheet = shown ?? sheets.first else { throw .missing(field: "a sheet") }
        return sheet
    }

    private static func relationship(of sheet: XMLTree.Element) -> String? {
        sheet.attributes.first {
            $0.name == "id"
                && ($0.namespace == relationships || $0.namespace == strictRelationships)
        }?.value
    }

    // MARK: Parts

    private static func tree(
        _ path: String, in parts: PackageParts, _ limits: IntakeLimits
    ) throws(FormatFlaw) -> XMLTree {
        guard let content = parts.contents[path] else { throw .missing(field: path) }
        let xmlLimits = XMLLimits(
            maximumBytes: PackageParts.largestFile, maximumDepth: limits.maximumDepth,
            maximumElements: 4 * limits.maximumParts)
        do throws(XMLSyntaxError) {
            return try XMLTree(parsing: content, limits: xmlLimits)
        } catch {
            switch error {
            case .malformed(_, let offset), .nameTooLong(let offset):
                throw .malformed(expected: "XML in \(path)", byteOffset: offset)
            case .declaration: throw .declaration
            case .tooDeep(let limit):
                throw .tooMuch(of: "levels of elements in \(path)", limit: limit)
            case .tooManyElements(let limit):
                throw .tooMuch(of: "elements in \(path)", limit: limit)
            case .tooManyAttributes(let limit):
                throw .tooMuch(of: "attributes in \(path)", limit: limit)
            case .tooLarge(_, let limit): throw .tooMuch(of: "bytes in \(path)", limit: limit)
            }
        }
    }

    private static func workbookPath(
        _ parts: PackageParts, _ limits: IntakeLimits
    ) throws(FormatFlaw) -> String {
        let usual = "xl/workbook.xml"
        guard parts.contents["_rels/.rels"] != nil else {
            guard parts.names.contains(usual) else { throw .missing(field: usual) }
            return usual
        }
        let targets = try targets(of: "", in: parts, limits)
        let path = targets.values.first { $0.kind == "officeDocument" }?.path ?? usual
        guard parts.contents[path] != nil else { throw .missing(field: usual) }
        return path
    }

    private struct Target {
        /// The last step of the relationship's type.
        let kind: String
        let path: String
    }

    /// The parts that a part refers to, by the identifiers that it uses.
    private static func targets(
        of path: String, in parts: PackageParts, _ limits: IntakeLimits
    ) throws(FormatFlaw) -> [String: Target] {
        var folder = path.split(separator: "/").map(String.init)
        let name = folder.popLast() ?? ""
        let own = (folder + ["_rels", name + ".rels"]).joined(separator: "/")
        var targets: [String: Target] = [:]
        for element in try tree(own, in: parts, limits).root.elements {
            guard let id = element.attribute("Id"), let target = element.attribute("Target"),
                element.attribute("TargetMode") != "External"
            else { continue }
            let kind = element.attribute("Type")?.split(separator: "/").last ?? ""
            targets[id] = Target(kind: String(kind), path: resolved(target, from: folder))
        }
        return targets
    }

    private static func resolved(_ target: String, from folder: [String]) -> String {
        var steps = target.hasPrefix("/") ? [] : folder
        for step in target.split(separator: "/") {
            switch step {
            case ".": continue
            case "..": _ = steps.popLast()
            default: steps.append(String(step))
            }
        }
        return steps.joined(separator: "/")
    }
}
