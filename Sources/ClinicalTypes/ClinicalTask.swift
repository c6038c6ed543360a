// SPDX-License-Identifier: Apache-2.0

/// What can be asked of a document; the raw value is the task's name in bundles and results.
package enum ClinicalTask: String, CaseIterable, Hashable, Sendable {
    /// Diseases, drugs and doses.
    case entities
    /// TNM of lung cancer: of radiology reports always, with why one is not staged; of other kinds where they
    /// tell of a category.
    case tnm
    /// Levels of adverse drug events; needs `entities`.
    case adverseEvents = "adverse-events"
    /// Likeness to earlier documents of the same kind.
    case similarity

    /// The kinds of document that it is asked of where nothing else is configured.
    package var standardKinds: Set<DocumentKind> {
        switch self {
        case .entities, .tnm, .similarity: Set(DocumentKind.allCases)
        case .adverseEvents: [.caseReport, .dischargeSummary, .progressNote]
        }
    }

    /// Its key in shoken.toml, below `tasks.KIND`.
    package var configurationKey: String {
        String(rawValue.map { $0 == "-" ? "_" : $0 })
    }
}

extension DocumentKind {
    /// What is asked of documents of this kind where nothing else is configured.
    package var standardTasks: Set<ClinicalTask> {
        Set(ClinicalTask.allCases.filter { $0.standardKinds.contains(self) })
    }
}
