// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

extension StorageName {
    /// The documents of the file with what its path says.
    ///
    /// The path names the record and orders its versions, unless the document has a version number of its own;
    /// the flag takes it back or supersedes it. Of several documents in one file the first is the record, the
    /// others have keys of their own beside it. A document of another patient than its path's is a fault.
    func laid(over entries: [ReadDocument], codes: DocumentCodes) -> [ReadDocument] {
        var count = 0
        return entries.map { entry in
            guard case .success(let document) = entry.result else { return entry }
            count += 1
            let part = count == 1 ? nil : document.externalIdentifier ?? String(count)
            let result: Result<ClinicalDocument, IntakeError>
            do throws(IntakeError) {
                result = .success(try laid(over: document, part: part, codes: codes))
            } catch {
                result = .failure(error.placed(at: entry.place))
            }
            return ReadDocument(place: entry.place, result: result)
        }
    }

    /// The record as withdrawn, for a deleted one whose content says nothing any more.
    func withdrawal(folder: DocumentKind, codes: DocumentCodes) -> ClinicalDocument {
        var source = DocumentSource(format: .ssmix2)
        describe(&source)
        source.key = key
        source.versionTime = versionTime
        source.status = .withdrawn
        return ClinicalDocument(
            kind: type?.kind(codes) ?? folder, text: "", externalIdentifier: order,
            patientIdentifier: patient, authoredAt: date, source: source)
    }

    private func laid(
        over document: ClinicalDocument, part: String?, codes: DocumentCodes
    ) throws(IntakeError) -> ClinicalDocument {
        var source = document.source
        source.notices += try notices(ofPatient: document.patientIdentifier)
        source.format = .ssmix2
        source.key = key + (part.map { "|" + $0 } ?? "")
        source.versionTime = versionTime ?? source.versionTime
        let saysNoType = source.code == nil
        describe(&source)
        switch condition {
        case .deleted: source.status = .withdrawn
        case .superseded: source.isSuperseded = true
        case .valid: break
        }
        let folderKind = type?.kind(codes)
        return ClinicalDocument(
            kind: saysNoType || document.kind == .other
                ? folderKind ?? document.kind : document.kind,
            text: document.text, encoding: document.encoding,
            externalIdentifier: document.externalIdentifier ?? order,
            patientIdentifier: document.patientIdentifier ?? patient,
            authoredAt: document.authoredAt ?? date, source: source)
    }

    /// Adds what the document does not say itself.
    private func describe(_ source: inout DocumentSource) {
        if source.code == nil, let type {
            let isStandard = type.standardCode != nil
            source.code = type.standardCode ?? type.code
            source.codeSystem = isStandard ? type.standardSystem : type.system
        }
        source.title = source.title ?? type?.name ?? type?.standardName
        source.department = source.department ?? department
    }

    /// What is to be told of a patient's identifier that is written in another way; throws where it is another
    /// patient's.
    private func notices(ofPatient identifier: String?) throws(IntakeError) -> [String] {
        guard let identifier, identifier != patient else { return [] }
        func plain(_ text: String) -> Substring { text.drop { $0 == "0" } }
        guard plain(identifier) == plain(patient) else {
            throw .flaw(
                .contradiction("the document and its path name different patients"), in: .ssmix2,
                at: nil)
        }
        return ["the document and its path write the patient's identifier with different zeros"]
    }
}
