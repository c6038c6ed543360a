// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import Foundation
package import Intake
package import JapaneseText
package import Tensors

/// What an administrator decides for one instance: the content of `shoken.toml`.
///
/// Every key, its unit and its default are described in shoken.toml(5); the man page, the sample file
/// and this file are compared by `Scripts/check-configuration`.
package struct ServiceConfiguration: Hashable, Sendable {
    /// `[spool]`: where documents come in.
    package struct SpoolSection: Hashable, Sendable {
        /// The spool's directory, absolute.
        package let directory: String
        /// How long a file without an event must stay the same before it is taken, in seconds.
        package let settleSeconds: Double
        /// How often the folders are listed when no event comes, in seconds.
        package let scanIntervalSeconds: Double
        /// The largest file that is taken, in bytes.
        package let maximumDocumentBytes: Int
        /// The longest document that is taken, in Unicode scalars.
        package let maximumDocumentCharacters: Int
        /// The free space below which no file is taken, in bytes.
        package let minimumFreeBytes: Int
        /// The kinds whose files are taken only beside an empty file `NAME.ok`.
        package let triggeredKinds: Set<DocumentKind>
    }

    /// `[storage]`: SS-MIX2 storages that are looked through.
    package struct StorageSection: Hashable, Sendable {
        /// Their tops, absolute; none where no storage is looked through.
        package let directories: [String]
        /// How long to wait between two looks, in seconds.
        package let scanIntervalSeconds: Double
    }

    /// `[compute]`: how the machine is used.
    package struct ComputeSection: Hashable, Sendable {
        /// Threads of matrix products; 0 stands for one for each processor.
        package let threads: Int
        /// The most files taken at once.
        package let batchDocuments: Int
        /// The most tokens that go through the model at once.
        package let batchTokens: Int
        /// The arithmetic of a model's products.
        package let precision: Precision
    }

    /// `[canary]`: what is borne of the first documents of a model that was activated.
    package struct CanarySection: Hashable, Sendable {
        /// So many documents are looked at; 0 for none.
        package let documents: Int
        /// The share of them that the model may fail to read.
        package let failureShare: Double
        /// How many times the time of the model before it may take.
        package let slowdown: Double
    }

    /// How much is logged.
    package enum LogLevel: String, CaseIterable, Hashable, Sendable {
        case error, warning, info, debug
    }

    /// Where documents come in.
    package let spool: SpoolSection
    /// SS-MIX2 storages that are looked through.
    package let storage: StorageSection
    /// The database file, absolute.
    package let databaseFile: String
    /// The directory that holds model bundles, absolute.
    package let modelsDirectory: String
    /// The bundle that is used while no activation is recorded.
    package let activeModel: String
    /// Files of texts with the answers that a model must give before it is activated.
    package let goldenSets: [String]
    /// How much worse than the active one a model may be in each measure of these, 0 to 1.
    package let activationMargin: Double
    /// What is borne of the first documents of a model that was activated.
    package let canary: CanarySection
    /// MeCab's dictionary directory; nil for MeCab's own default.
    package let mecabDictionary: String?
    /// A compiled user dictionary for MeCab.
    package let userDictionary: String?
    /// The kinds of personal information that models do not get to read.
    package let personalInformation: Set<PersonalInformationKind>
    /// How the machine is used.
    package let compute: ComputeSection
    /// `[tasks.KIND]`: what is asked of each kind of document.
    package let tasks: [DocumentKind: Set<ClinicalTask>]
    /// `[reprocess]`: the part of its time that the daemon gives to documents that are read once more while
    /// files come in.
    package let rereadingShare: Double
    /// The edition of the UICC classification, 8 or 9, that stages follow where a report names none.
    package let tnmEdition: Int
    /// `[review]`: below which score a mention of a type that the model found is for review; a type that is not
    /// here has the threshold of the model's bundle, if that has one.
    package let reviewBelow: [EntityType: Double]
    /// `[tables.KIND]`, `[file_names]`, `[patients]`, `[codes]` and `[hl7.encodings]`: what the site says of its
    /// files.
    package let siteRules: SiteRules
    /// How much is logged.
    package let logLevel: LogLevel
    /// Whether the log may name source files, which often hold patients' numbers.
    package let logsSourceNames: Bool

    /// Reads a file; throws ``ConfigurationError``.
    package init(file: String) throws(ConfigurationError) {
        let limit = 1 << 20
        let content: Data
        do {
            content = try Data(contentsOf: URL(filePath: file))
        } catch {
            let detail = (error as NSError).localizedFailureReason ?? error.localizedDescription
            throw .unreadable(file: file, detail: detail)
        }
        guard content.count <= limit else {
            throw .unreadable(file: file, detail: "larger than \(limit) bytes")
        }
        guard let toml = String(validating: content, as: UTF8.self) else {
            throw .unreadable(file: file, detail: "not UTF-8")
        }
        try self.init(toml: toml, file: file)
    }

    /// Reads the text of a file; relative paths are taken from the directory of `file`.
    package init(toml: String, file: String) throws(ConfigurationError) {
        var reader = try ConfigurationReader(toml: toml, file: file)
        spool = SpoolSection(
            directory: try reader.path("spool.directory", default: "/var/lib/shoken/spool"),
            settleSeconds: try reader.number("spool.settle_seconds", default: 2, in: 0...3600),
            scanIntervalSeconds: try reader.number(
                "spool.scan_interval_seconds", default: 10, in: 0.1...3600),
            maximumDocumentBytes: try reader.integer(
                "spool.maximum_document_bytes", default: 16_777_216, in: 1...1_073_741_824),
            maximumDocumentCharacters: try reader.integer(
                "spool.maximum_document_characters", default: 500_000, in: 1...16_777_216),
            minimumFreeBytes: try reader.integer(
                "spool.minimum_free_bytes", default: 268_435_456, in: 0...(1 << 50)),
            triggeredKinds: try reader.choices("spool.trigger_kinds", default: []))
        storage = StorageSection(
            directories: try reader.paths("storage.directories"),
            scanIntervalSeconds: try reader.number(
                "storage.scan_interval_seconds", default: 300, in: 1...86_400))
        databaseFile = try reader.path("database.file", default: "/var/lib/shoken/shoken.db")
        modelsDirectory = try reader.path("models.directory", default: "/var/lib/shoken/models")
        activeModel = try reader.text("models.active", default: "shoken-base")
        goldenSets = try reader.paths("models.golden")
        activationMargin = try reader.number("models.margin", default: 0.02, in: 0...1)
        canary = CanarySection(
            documents: try reader.integer("canary.documents", default: 200, in: 0...1_000_000),
            failureShare: try reader.number("canary.failure_share", default: 0.05, in: 0...1),
            slowdown: try reader.number("canary.slowdown", default: 5, in: 1...1000))
        mecabDictionary = try reader.optionalPath("text.mecab_dictionary")
        userDictionary = try reader.optionalPath("text.user_dictionary")
        personalInformation = try reader.choices(
            "text.personal_information", default: PersonalInformationKind.contacts)
        compute = ComputeSection(
            threads: try reader.integer("compute.threads", default: 0, in: 0...1024),
            batchDocuments: try reader.integer(
                "compute.batch_documents", default: 16, in: 1...1024),
            batchTokens: try reader.integer(
                "compute.batch_tokens", default: 8192, in: 64...1_048_576),
            precision: try reader.choice("compute.precision", default: .float32))
        tasks = try Self.tasks(&reader)
        rereadingShare = try reader.number("reprocess.share", default: 0.1, in: 0...0.9)
        tnmEdition = try reader.integer("tnm.edition", default: 8, in: 8...9)
        reviewBelow = try Self.reviewBelow(&reader)
        siteRules = try reader.siteRules()
        logLevel = try reader.choice("log.level", default: .info)
        logsSourceNames = try reader.boolean("log.source_names", default: false)
        try reader.refuseUnknown()
    }

    private static func reviewBelow(
        _ reader: inout ConfigurationReader
    ) throws(ConfigurationError) -> [EntityType: Double] {
        let given: [EntityType: Double] = [
            .disease: try reader.number("review.disease", default: -1, in: -1...1),
            .drug: try reader.number("review.drug", default: -1, in: -1...1),
            .dose: try reader.number("review.dose", default: -1, in: -1...1),
        ]
        return given.filter { $0.value >= 0 }
    }

    private static func tasks(
        _ reader: inout ConfigurationReader
    ) throws(ConfigurationError) -> [DocumentKind: Set<ClinicalTask>] {
        var asked: [DocumentKind: Set<ClinicalTask>] = [:]
        for kind in DocumentKind.allCases {
            var tasks: Set<ClinicalTask> = []
            for task in ClinicalTask.allCases {
                let isAsked = try reader.boolean(
                    "tasks.\(kind.rawValue).\(task.configurationKey)",
                    default: kind.standardTasks.contains(task))
                if isAsked { tasks.insert(task) }
            }
            asked[kind] = tasks
        }
        return asked
    }
}
