// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Intake
import Testing

@testable import Configuration

@Suite("Sections of what a site says of its files")
struct SiteRulesSectionTests {
    @Test("patterns, identifiers, codes and encodings are read")
    func read() throws {
        let rules = try ServiceConfiguration(
            toml: #"""
                [file_names]
                radiology = '^(?<patient>\d+)_'
                [patients]
                half_width = true
                digits = 8
                [codes]
                "LOCAL-9" = "progress-note"
                [hl7.encodings]
                "SJIS" = "Windows-31J"
                """#, file: "s.toml"
        ).siteRules
        #expect(rules.fileNames.mapValues(\.expression) == [.radiology: #"^(?<patient>\d+)_"#])
        #expect(rules.patients.isHalfWidth && rules.patients.digits == 8)
        #expect(rules.codes.kind(of: "LOCAL-9") == .progressNote)
        #expect(rules.codes.kind(of: "18748-4") == .radiology)
        #expect(rules.hl7Encodings == ["SJIS": .windows31J])
        #expect(try ServiceConfiguration(toml: "", file: "s.toml").siteRules == SiteRules())
    }

    @Test(
        "what is wrong is named with what is right",
        arguments: [
            ("[file_names]\nletters = 'x'", "letters"),
            ("[file_names]\nreferral = '^x'", "(?<patient>…)"),
            ("[file_names]\nreferral = '(?<patient>'", "regular expression"),
            ("[patients]\ndigits = 99", "64"), ("[patients]\nwidth = 8", "width"),
            ("[codes]\nX = 'letter'", "discharge-summary"),
            ("[hl7.encodings]\nX = 'SJIS'", "Windows-31J"),
        ])
    func wrong(toml: String, word: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try ServiceConfiguration(toml: toml, file: "s.toml")
        }
        #expect(error?.explanation.contains(word) == true, "\(error?.explanation ?? "")")
    }
}
