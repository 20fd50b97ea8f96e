/** What Plotly uses of `gl-mat4`: the whole of it would come along with these two. */
import invert from 'gl-mat4/invert';
import multiply from 'gl-mat4/multiply';

export { invert, multiply };
