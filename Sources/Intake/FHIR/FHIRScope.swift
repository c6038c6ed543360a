// SPDX-License-Identifier: Apache-2.0
import JSONFiles

/// The resources that a reference can reach: those of the same bundle or file. Nothing is ever fetched.
struct FHIRScope {
    private var byReference: [String: FHIRElement] = [:]

    /// Nothing is in reach but what a resource contains.
    init() {}

    /// Adds a resource with the address that its bundle gives it.
    mutating func add(_ resource: FHIRElement, fullURL: String? = nil) throws(IntakeError) {
        if let fullURL { byReference[fullURL] = resource }
        if let type = resource.resourceType, let id = try resource.text("id") {
            byReference["\(type)/\(id)"] = resource
        }
    }

    /// Adds the resources of a bundle.
    mutating func add(bundle: FHIRElement) throws(IntakeError) {
        for entry in try bundle.list("entry") {
            guard let resource = try entry.element("resource") else { continue }
            try add(FHIRElement(resource.value), fullURL: try entry.text("fullUrl"))
        }
    }

    /// What a `Reference` refers to, from within a resource; nil where it is out of reach.
    func resource(
        of reference: FHIRElement, from resource: FHIRElement
    ) throws(IntakeError) -> FHIRElement? {
        guard let address = try reference.text("reference") else { return nil }
        if address.hasPrefix("#") {
            for contained in try resource.list("contained")
            where try contained.text("id") == String(address.dropFirst()) {
                return try FHIRElement(contained.value)
            }
            return nil
        }
        if let found = byReference[address] { return found }
        let parts = address.split(separator: "/").map(String.init)
        let end = parts.firstIndex(of: "_history") ?? parts.count
        guard end >= 2 else { return nil }
        return byReference["\(parts[end - 2])/\(parts[end - 1])"]
    }
}
