// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Whether findings that come from elsewhere can be those of a document: their words stand where they say, and they
/// name only each other.
struct PlacedFindings {
    private let text: [Unicode.Scalar]
    private let sections: [DocumentSection]

    init(of document: ClinicalDocument) {
        text = Array(document.text.unicodeScalars)
        sections = document.source.sections
    }

    /// The first field that cannot be; nil where all can.
    func fault(in findings: Findings) -> String? {
        if sections.contains(where: { !holds($0.range) }) { return "document.source.sections" }
        let entities = findings.entities
        for (index, entity) in entities.enumerated() {
            let drug = entity.drug ?? 0
            guard stands(entity.span), entity.span.range.count > 0, stands(entity.status.cue),
                entity.drug == nil || entities.indices.contains(drug) && drug != index
            else { return "findings.entities.\(index)" }
        }
        if let tnm = findings.tnm, !tnm.evidence.allSatisfy({ stands($0.span) }) {
            return "findings.tnm.evidence"
        }
        let isGraded = findings.adverseEvents.allSatisfy {
            entities.indices.contains($0.entityIndex)
        }
        guard isGraded else { return "findings.adverse_events" }
        let arePaired = findings.adverseEventPairs.allSatisfy {
            entities.indices.contains($0.drug) && entities.indices.contains($0.disease)
                && stands($0.cue)
        }
        return arePaired ? nil : "findings.adverse_event_pairs"
    }

    private func holds(_ range: SourceRange) -> Bool {
        range.start >= 0 && range.start <= range.end && range.end <= text.count
    }

    private func stands(_ span: TextSpan?) -> Bool {
        guard let span else { return true }
        return holds(span.range)
            && text[span.range.start..<span.range.end].elementsEqual(span.surface.unicodeScalars)
    }
}
