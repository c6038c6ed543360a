// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JSONFiles

/// Reads FHIR R4 in JSON: one resource, a bundle, or a resource a line (NDJSON).
///
/// Documents are DiagnosticReport, Composition (with the bundle that it heads) and DocumentReference; other
/// resources are only looked at where one of these refers to them, within the same bundle or file.
struct FHIRReader {
    let limits: IntakeLimits
    let kind: DocumentKind
    let codes: DocumentCodes
    /// Levels of documents around this one.
    var nesting = 0
    /// Reads an attachment of another format, by its media type and level; plain text, HTML and CDA are read
    /// here.
    var otherFormats: EmbeddedDocuments.OtherFormats = { _, _, _ in nil }
    /// The encoding that the file was in.
    private(set) var encoding = TextEncoding.utf8

    init(
        limits: IntakeLimits, kind: DocumentKind, codes: DocumentCodes, nesting: Int = 0,
        otherFormats: @escaping EmbeddedDocuments.OtherFormats = { _, _, _ in nil }
    ) {
        (self.limits, self.kind, self.codes) = (limits, kind, codes)
        (self.nesting, self.otherFormats) = (nesting, otherFormats)
    }

    var embedded: EmbeddedDocuments {
        EmbeddedDocuments(
            limits: limits, format: .fhir, nesting: nesting + 1, otherFormats: otherFormats)
    }

    /// The documents of a file in order, with the line or entry where there is more than one resource.
    ///
    /// Throws what is wrong with the file as a whole, and `nothingToRead` where no resource is a document.
    func entries(in bytes: [UInt8]) throws(IntakeError) -> [ReadDocument] {
        try entries(in: EncodingDetection.decode(bytes))
    }

    /// The same of a file that is decoded.
    func entries(in decoded: DecodedText) throws(IntakeError) -> [ReadDocument] {
        var reader = self
        reader.encoding = decoded.encoding
        return try reader.entries(
            of: FHIRFile(Array(decoded.text.utf8), limits: limits))
    }

    /// The documents of one line of a file that is read line by line, in UTF-8; none for a line without one.
    ///
    /// References reach no further than the line.
    func entries(ofLine json: [UInt8], number: Int) -> [ReadDocument] {
        let place = RecordPlace(.line, number)
        do throws(IntakeError) {
            let resource = try FHIRFile.resource(json, limits: limits)
            return try entries(of: resource, at: place, scope: FHIRScope(), level: 0)
        } catch {
            return [Self.fault(error, at: place)]
        }
    }

    private func entries(of file: FHIRFile) throws(IntakeError) -> [ReadDocument] {
        var scope = FHIRScope()
        for record in file.records {
            if case .success(let resource) = record.resource { try? scope.add(resource) }
        }
        var result: [ReadDocument] = []
        for record in file.records {
            let place = record.line.map { RecordPlace(.line, $0) }
            do throws(IntakeError) {
                let resource = try record.resource.get()
                result += try entries(of: resource, at: place, scope: scope, level: 0)
            } catch {
                result.append(Self.fault(error, at: place))
            }
            guard result.count <= limits.maximumRecords else {
                throw FHIRElement.flaw(.tooMuch(of: "records", limit: limits.maximumRecords))
            }
        }
        guard !result.isEmpty else {
            throw FHIRElement.flaw(
                .nothingToRead("it holds no report, composition or reference to a document"))
        }
        // A file of one resource is the record itself.
        if file.records.count == 1, result.count == 1, result[0].place == nil,
            case .failure(let error) = result[0].result
        {
            throw error
        }
        return result
    }

    /// An error with its place.
    private static func fault(_ error: IntakeError, at place: RecordPlace?) -> ReadDocument {
        guard case .flaw(let flaw, let format, nil) = error else {
            return ReadDocument(place: place, result: .failure(error))
        }
        return ReadDocument(place: place, result: .failure(.flaw(flaw, in: format, at: place)))
    }

    private func entries(
        of resource: FHIRElement, at place: RecordPlace?, scope: FHIRScope, fullURL: String? = nil,
        level: Int
    ) throws(IntakeError) -> [ReadDocument] {
        if resource.resourceType == "Bundle" {
            return try entries(ofBundle: resource, at: place, level: level)
        }
        do throws(IntakeError) {
            let record = try FHIRRecord(
                resource: resource, scope: scope, fullURL: fullURL, reader: self)
            guard let document = try document(of: record) else { return [] }
            return [ReadDocument(place: place, result: .success(document))]
        } catch {
            return [Self.fault(error, at: place)]
        }
    }

    private func document(of record: FHIRRecord) throws(IntakeError) -> ClinicalDocument? {
        switch record.resource.resourceType {
        case "DiagnosticReport": try FHIRDiagnosticReport(record: record).document()
        case "Composition": try FHIRComposition(record: record, bundle: nil).document()
        case "DocumentReference": try FHIRDocumentReference(record: record).document()
        default: nil
        }
    }

    // MARK: Bundles

    private func entries(
        ofBundle bundle: FHIRElement, at place: RecordPlace?, level: Int
    ) throws(IntakeError) -> [ReadDocument] {
        guard level <= limits.maximumNesting else {
            throw FHIRElement.flaw(
                .tooMuch(of: "bundles within each other", limit: limits.maximumNesting))
        }
        var scope = FHIRScope()
        try scope.add(bundle: bundle)
        if try bundle.text("type") == "document" {
            return [try entry(ofDocument: bundle, at: place, scope: scope)]
        }
        var result: [ReadDocument] = []
        for (index, entry) in try bundle.list("entry").enumerated() {
            let place = RecordPlace(.entry, index + 1, line: place?.number)
            do throws(IntakeError) {
                guard let resource = try entry.element("resource") else {
                    try checkDeletion(entry)
                    continue
                }
                result += try entries(
                    of: FHIRElement(resource.value), at: place, scope: scope,
                    fullURL: try entry.text("fullUrl"), level: level + 1)
            } catch {
                result.append(Self.fault(error, at: place))
            }
            guard result.count <= limits.maximumRecords else {
                throw FHIRElement.flaw(.tooMuch(of: "records", limit: limits.maximumRecords))
            }
        }
        return result
    }

    /// An entry that deletes a document on a server by its address says nothing of the identifier that
    /// documents have here, and must not be passed over in silence.
    private func checkDeletion(_ entry: FHIRElement) throws(IntakeError) {
        guard let request = try entry.element("request"), try request.text("method") == "DELETE",
            let type = try request.text("url")?.split(separator: "/").dropLast().last,
            ["DiagnosticReport", "Composition", "DocumentReference", "Bundle"].contains(type)
        else { return }
        throw FHIRElement.flaw(
            .missing(field: "an identifier of the document that is to be deleted"))
    }

    private func entry(
        ofDocument bundle: FHIRElement, at place: RecordPlace?, scope: FHIRScope
    ) throws(IntakeError) -> ReadDocument {
        for entry in try bundle.list("entry") {
            guard let resource = try entry.element("resource"),
                resource.resourceType == "Composition"
            else { continue }
            do throws(IntakeError) {
                let record = try FHIRRecord(
                    resource: FHIRElement(resource.value), scope: scope,
                    fullURL: entry.text("fullUrl"), reader: self)
                let document = try FHIRComposition(record: record, bundle: bundle).document()
                return ReadDocument(place: place, result: .success(document))
            } catch {
                return Self.fault(error, at: place)
            }
        }
        throw FHIRElement.flaw(.missing(field: "Composition"))
    }
}
