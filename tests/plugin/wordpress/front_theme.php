<?php
/** A theme, of blocks or a classic one (option test_theme: "blocks", "classic"), and the pages of a shop in it. */

function wp_is_block_theme() {
	return 'blocks' === get_option( 'test_theme', 'classic' );
}

function language_attributes() {
	echo 'lang="en-US"';
}

function bloginfo( $what ) {
	echo esc_html( get_bloginfo( $what ) );
}

function body_class( $more = '' ) {
	$home    = $GLOBALS['wp_query']->is_home ? array( 'home', 'blog' ) : array();
	$classes = apply_filters( 'body_class', $home );
	echo 'class="' . esc_attr( implode( ' ', $classes ) ) . '"';
}

function wp_head() {
	do_action( 'wp_enqueue_scripts' );
	$parts = apply_filters( 'document_title_parts', array( 'title' => 'Page', 'site' => get_bloginfo( 'name' ) ) );
	echo '<title>' . esc_html( implode( ' – ', $parts ) ) . "</title>\n";
	$robots = apply_filters( 'wp_robots', array( 'max-image-preview' => 'large' ) );
	echo '<meta name="robots" content="' . esc_attr( implode( ', ', array_keys( $robots ) ) ) . "\">\n";
	do_action( 'wp_head' );
}

function wp_body_open() {
	do_action( 'wp_body_open' );
}

/** What a script needs comes before it. */
function wp_footer() {
	foreach ( $GLOBALS['wordpress_scripts'] as $script ) {
		foreach ( $script['wanted'] ? $script['needs'] : array() as $name ) {
			wp_enqueue_script( $name );
		}
	}
	do_action( 'wp_footer' );
	echo printed_assets();
}

function get_header() {
	echo "<!DOCTYPE html>\n<html lang=\"en-US\"><head><meta charset=\"UTF-8\">\n";
	wp_head();
	echo '</head><body ';
	body_class();
	echo "><header class=\"classic\">Lumen Home</header>\n";
}

function get_footer() {
	echo "<footer class=\"classic\">Lumen Home</footer>\n";
	wp_footer();
	echo '</body></html>';
}

function block_header_area() {
	wp_enqueue_style( 'block-head', 'https://shop.example/head.css' );
	echo '<div class="wp-block-group">Lumen Home</div>';
}

function block_footer_area() {
	echo '<div class="wp-block-group">The end</div>';
}

/** The main query, then whatever the request asks for, through the theme's template. The server calls it. */
function theme_page( $path ) {
	ob_start();
	include apply_filters( 'template_include', template_of( $path ) );
	$page = ob_get_clean();
	if ( $GLOBALS['wp_query']->is_404 ) {
		status_header( 404 );
		nocache_headers();
	}
	echo 'HEAD' === $_SERVER['REQUEST_METHOD'] ? '' : $page;
}

/** In WordPress the query comes first of all; here the server calls the theme only at the end. */
add_action(
	'template_redirect',
	static function () {
		$GLOBALS['wp_query'] = new WP_Query( $GLOBALS['wordpress_query_vars'] );
	},
	-100
);

/** Pages that a test wrote (option test_pages: slug => post), and WooCommerce's own. */
function template_of( $path ) {
	$slug  = (string) $GLOBALS['wp_query']->get( 'pagename' );
	$pages = get_option( 'test_pages', array() );
	$woo   = preg_match( '#^/(my-account|checkout/order-received)(/|$)#', $path );
	if ( ! $GLOBALS['wp_query']->is_404 && isset( $pages[ $slug ] ) ) {
		stand_on( $pages[ $slug ] );
		return __DIR__ . '/templates/post.php';
	}
	if ( $woo ) {
		return __DIR__ . '/templates/woocommerce.php';
	}
	$GLOBALS['wp_query']->is_404 = $GLOBALS['wp_query']->is_404 || ( '/' !== $path && '' === (string) $GLOBALS['wp_query']->get( 'doorstep_page' ) );
	return __DIR__ . '/templates/' . ( $GLOBALS['wp_query']->is_404 ? '404.php' : 'home.php' );
}
