"""The Blender side: the only package that imports bpy or blenderproc."""
