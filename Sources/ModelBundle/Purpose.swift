// ModelBundle: a model as admins handle it: directory, manifest, registry, activation.
