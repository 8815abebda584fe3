<?php
/** The shop's front: what WordPress does between a request and the theme, pages, shortcodes and blocks. */

class WP_Query {
	public $query_vars = array();
	public $is_home    = false;
	public $is_404     = false;
	public $posts      = array();

	public function __construct( array $query_vars = array() ) {
		$this->query_vars = $query_vars;
		$this->is_404     = '404' === ( $query_vars['error'] ?? '' );
		$this->is_home    = ! $this->is_404 && ! isset( $query_vars['pagename'] );
		do_action( 'parse_query', $this );
		$given       = apply_filters( 'posts_pre_query', null, $this );
		$this->posts = null === $given ? array( 'a post of the blog' ) : $given;
		if ( null === $given ) {
			update_option( 'test_queries', 1 + (int) get_option( 'test_queries', 0 ) );
		}
		if ( ! apply_filters( 'pre_handle_404', false, $this ) && ! $this->posts && ! $this->is_home ) {
			$this->is_404 = true;
		}
	}

	public function get( $name, $default = '' ) {
		return $this->query_vars[ $name ] ?? $default;
	}
}

class WP_Rewrite {
	public function using_index_permalinks() {
		return 0 === strpos( (string) get_option( 'permalink_structure' ), '/index.php/' );
	}
}

$GLOBALS['wp_rewrite']           = new WP_Rewrite();
$GLOBALS['wordpress_shortcodes'] = array();
$GLOBALS['wordpress_blocks']     = array();
$GLOBALS['wordpress_post']       = null;

/** `$post`: ID, post_type, post_content; it is the one that the page is about. */
function stand_on( $post ) {
	$GLOBALS['wordpress_post'] = null === $post ? null : (object) ( $post + array( 'ID' => 1, 'post_type' => 'page', 'post_content' => '' ) );
	$GLOBALS['product']        = null !== $post && 'product' === ( $post['post_type'] ?? '' ) ? new WC_Product( $post['ID'] ) : null;
}

function get_post() {
	return $GLOBALS['wordpress_post'];
}

function get_post_type( $id = null ) {
	if ( null === $id ) {
		return $GLOBALS['wordpress_post']->post_type ?? false;
	}
	return isset( stored( 'products' )[ $id ] ) ? 'product' : 'page';
}

function is_singular( $types = '' ) {
	$post = $GLOBALS['wordpress_post'];
	return null !== $post && ( '' === $types || in_array( $post->post_type, (array) $types, true ) );
}

function get_queried_object_id() {
	return $GLOBALS['wordpress_post']->ID ?? 0;
}

function add_shortcode( $name, $callback ) {
	$GLOBALS['wordpress_shortcodes'][ $name ] = $callback;
}

function has_shortcode( $text, $name ) {
	return 1 === preg_match( "/\[$name(?![\w-])/", $text );
}

function shortcode_atts( $default, $given, $name = '' ) {
	return apply_filters( "shortcode_atts_$name", array_merge( $default, array_intersect_key( (array) $given, $default ) ), $default, $given, $name );
}

/** A shortcode without attributes gets "", not an empty array. */
function do_shortcode( $text ) {
	return preg_replace_callback(
		'/\[([a-z_]+)((?:\s+[^\]]*)?)\]/',
		static function ( $found ) {
			$callback = $GLOBALS['wordpress_shortcodes'][ $found[1] ] ?? null;
			if ( null === $callback ) {
				return $found[0];
			}
			preg_match_all( '/([\w-]+)\s*=\s*(?:"([^"]*)"|\'([^\']*)\'|([^\s\'"]+))/', $found[2], $pairs, PREG_SET_ORDER );
			$given = array();
			foreach ( $pairs as $pair ) {
				$given[ strtolower( $pair[1] ) ] = stripcslashes( $pair[4] ?? '' ?: ( $pair[3] ?? '' ) ?: $pair[2] );
			}
			return call_user_func( $callback, $given ?: '', '', $found[1] );
		},
		$text
	);
}

function register_block_type( $name, $args = array() ) {
	$GLOBALS['wordpress_blocks'][ $name ] = $args;
	return (object) array( 'name' => $name );
}

function has_block( $name, $post = null ) {
	$text = is_object( $post ) ? $post->post_content : (string) $post;
	return false !== strpos( $text, "<!-- wp:$name " );
}

function get_block_wrapper_attributes( $extra = array() ) {
	return 'class="' . esc_attr( 'wp-block-' . str_replace( '/', '-', $GLOBALS['wordpress_block'] ?? '' ) ) . '"';
}

/** As the server draws it: what was stored over what is the default. */
function drawn_block( $name, array $set = array(), $post_id = null ) {
	$block = $GLOBALS['wordpress_blocks'][ $name ];

	$GLOBALS['wordpress_block'] = $name;
	$all   = array_map( static fn( $one ) => $one['default'] ?? null, $block['attributes'] );
	return call_user_func( $block['render_callback'], array_merge( $all, $set ), '', (object) array( 'context' => null === $post_id ? array() : array( 'postId' => $post_id ) ) );
}

function do_blocks( $text ) {
	return preg_replace_callback(
		'#<!-- wp:(doorstep/[a-z]+) (\{.*?\} )?/-->#',
		static fn( $found ) => drawn_block( $found[1], json_decode( $found[2] ?? '' ?: '{}', true ) ),
		$text
	);
}

function wp_add_privacy_policy_content( $name, $text ) {
	if ( ! doing_action( 'admin_init' ) ) {
		throw new LogicException( 'suggested at the wrong time' );
	}
	$GLOBALS['wordpress_policies'][ $name ] = $text;
}

function wp_sanitize_redirect( $location ) {
	$location = preg_replace( '|[^a-z0-9-~+_.?#=&;,/:%!*\[\]()@$\'\x80-\xff]|i', '', str_replace( ' ', '%20', (string) $location ) );
	return str_ireplace( array( '%0d', '%0a' ), '', $location );
}

function wp_robots_no_robots( $robots ) {
	return array( 'noindex' => true, 'follow' => true ) + $robots;
}
