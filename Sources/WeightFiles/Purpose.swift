// WeightFiles: safetensors and Hugging Face configuration.
