// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Configuration
import Foundation
import JapaneseText
import Testing

@Suite("Service configuration")
struct ServiceConfigurationTests {
    private let file = "/etc/shoken/shoken.toml"

    private func read(_ toml: String) throws -> ServiceConfiguration {
        try ServiceConfiguration(toml: toml, file: file)
    }

    @Test("The sample file holds exactly the defaults")
    func sample() throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let sample = package.appending(path: "etc/shoken/shoken.toml").path(percentEncoded: false)
        #expect(try ServiceConfiguration(file: sample) == read(""))
    }

    @Test("Values are read with their types, and relative paths from the file's directory")
    func values() throws {
        let configuration = try read(
            """
            spool.directory = "spool"
            spool.settle_seconds = 0.5
            [database]
            file = "../x/results.db"
            [models]
            active = "site-1"
            [text]
            mecab_dictionary = "/usr/share/dic"
            personal_information = ["name", "birth-date"]
            [compute]
            batch_documents = 3
            [tasks.case-report]
            tnm = false
            [review]
            disease = 0.7
            drug = 0
            [log]
            level = "debug"
            source_names = true
            """)
        #expect(configuration.spool.directory == "/etc/shoken/spool")
        #expect(configuration.spool.settleSeconds == 0.5)
        #expect(configuration.databaseFile == "/etc/x/results.db")
        #expect(configuration.activeModel == "site-1")
        #expect(configuration.mecabDictionary == "/usr/share/dic")
        #expect(configuration.userDictionary == nil)
        #expect(configuration.personalInformation == [.name, .birthDate])
        #expect(configuration.compute.batchDocuments == 3)
        #expect(configuration.tasks[.caseReport]?.contains(.tnm) == false)
        #expect(configuration.tasks[.nursing] == [.entities, .tnm, .similarity])
        // What is not said is for the model's bundle to say.
        #expect(configuration.reviewBelow == [.disease: 0.7, .drug: 0])
        #expect(configuration.logLevel == .debug && configuration.logsSourceNames)
    }

    @Test(
        "What nobody knows is refused with file and key",
        arguments: [
            ("[spool]\ndirectry = \"x\"", "spool.directry", "spool.directory"),
            ("[spol]\n", "spol", "spool"),
            ("[tasks.surgery]\nentities = true", "tasks.surgery", nil), ("loose = 1", "loose", nil),
        ])
    func unknown(toml: String, key: String, nearest: String?) {
        let error = #expect(throws: ConfigurationError.self) { try read(toml) }
        #expect(error == .unknownKey(file: file, key: key, nearest: nearest))
        #expect(error?.explanation.contains(file) == true)
    }

    @Test(
        "A value of another type is refused",
        arguments: [
            "spool.directory = 3", "spool.settle_seconds = \"2\"", "compute.threads = 1.5",
            "tasks.nursing.tnm = 1", "log.level = [\"info\"]", "database = \"x\"",
            "spool.maximum_document_bytes = true", "spool.directory = 2020-01-01",
        ])
    func wrongType(toml: String) {
        let error = #expect(throws: ConfigurationError.self) { try read(toml) }
        switch error {
        case .wrongType(file, _, _, _), .unknownKey(file, "database", _): break
        default: Issue.record("\(String(describing: error))")
        }
    }

    @Test(
        "A value out of range is refused",
        arguments: [
            "spool.settle_seconds = -1", "spool.scan_interval_seconds = 0", "compute.threads = -1",
            "spool.maximum_document_bytes = 0", "log.level = \"loud\"", "database.file = \"\"",
            "spool.settle_seconds = nan", "review.dose = 1.5",
        ])
    func outOfRange(toml: String) {
        let error = #expect(throws: ConfigurationError.self) { try read(toml) }
        guard case .outOfRange(file, _, _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("An unknown kind of personal information is named, with those that exist")
    func unknownKind() {
        let error = #expect(throws: ConfigurationError.self) {
            try read("text.personal_information = [\"email\", \"shoe-size\"]")
        }
        #expect(error?.explanation.contains("text.personal_information is \"shoe-size\"") == true)
        #expect(error?.explanation.contains("telephone, email, url") == true)
    }

    @Test(
        "Personal information is a list of strings, perhaps an empty one",
        arguments: ["\"name\"", "[1]", "[\"name\", 2]", "true"])
    func kindsOfWrongType(value: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try read("text.personal_information = \(value)")
        }
        guard case .wrongType(file, "text.personal_information", "a list of strings", _) = error
        else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try read("text.personal_information = []").personalInformation.isEmpty)
    }

    @Test("A syntax error names line and column")
    func syntax() {
        let error = #expect(throws: ConfigurationError.self) { try read("[spool]\nx = = 3\n") }
        guard case .syntax(file, 2, _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("An absent file is unreadable")
    func absent() {
        let error = #expect(throws: ConfigurationError.self) {
            try ServiceConfiguration(file: "/no/such/shoken.toml")
        }
        guard case .unreadable("/no/such/shoken.toml", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
