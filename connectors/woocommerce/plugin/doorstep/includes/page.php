<?php
/**
 * A page of Doorstep inside the shop's theme, and where such pages are found from outside.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_action( 'parse_query', __NAMESPACE__ . '\\be_no_list' );
add_filter( 'posts_pre_query', __NAMESPACE__ . '\\ask_for_no_posts', 10, 2 );
add_filter( 'pre_handle_404', __NAMESPACE__ . '\\keep_status', 10, 2 );
add_filter( 'template_include', __NAMESPACE__ . '\\choose_template', PHP_INT_MAX );
add_filter( 'document_title_parts', __NAMESPACE__ . '\\name_page' );
add_filter( 'wp_robots', __NAMESPACE__ . '\\hide_from_search' );
add_filter( 'body_class', __NAMESPACE__ . '\\mark_body' );

/** Without any posts of its own a request looks like the blog's first page to WordPress, and to the theme. */
function be_no_list( $query ) {
	if ( is_our_query( $query ) ) {
		$query->is_home = false;
	}
}

/** None of the shop's posts stands on our pages, so the database is not asked for any. */
function ask_for_no_posts( $posts, $query ) {
	return is_our_query( $query ) ? array() : $posts;
}

/** No posts would mean 404; the status is the one that Doorstep answers with. */
function keep_status( $handled, $query ) {
	return is_our_query( $query ) ? true : $handled;
}

function is_our_query( $query ) {
	$path = $query->get( PAGE_VAR );
	return is_string( $path ) && '' !== $path;
}

/** The answer that the theme shows in this request; null on all other pages. Called with one, it remembers it. */
function shown_page( $new = null ) {
	static $page = null;
	$page = null === $new ? $page : $new;
	return $page;
}

function choose_template( $template ) {
	if ( null === shown_page() ) {
		return $template;
	}
	wp_enqueue_style( 'doorstep' );
	return dirname( FILE ) . '/templates/' . ( wp_is_block_theme() ? 'page-blocks.php' : 'page.php' );
}

/** @param string[] $parts Of the title that the browser shows: the heading of the page, then the shop's name. */
function name_page( $parts ) {
	$page = shown_page();
	if ( null === $page ) {
		return $parts;
	}
	$heading        = preg_match( '~<h1\b[^>]*>(.*?)</h1>~s', $page['body'], $found ) ? wp_strip_all_tags( $found[1], true ) : '';
	$parts['title'] = '' === $heading ? __( 'Your order', 'doorstep' ) : $heading;
	return $parts;
}

function hide_from_search( $robots ) {
	return null === shown_page() ? $robots : wp_robots_no_robots( $robots );
}

function mark_body( $classes ) {
	if ( null !== shown_page() ) {
		$classes[] = 'doorstep-shown';
	}
	return $classes;
}

/** The page's own part, as Doorstep wrote it or as we say it: a template prints it. */
function print_page() {
	$page = shown_page();
	if ( '' === $page['words'] ) {
		// phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- a form with its style, made and escaped by the Doorstep that holds our secret.
		echo $page['body'];
		return;
	}
	echo '<h1>' . esc_html__( 'Your order', 'doorstep' ) . '</h1>';
	echo '<p class="doorstep-problem" role="alert">' . esc_html( $page['words'] ) . '</p>';
	echo '<p><a href="' . esc_url( home_url( '/' ) ) . '">' . esc_html__( 'Back to the shop', 'doorstep' ) . '</a></p>';
}

/** Where visitors find a page of ours. */
function page_address( $path ) {
	return home_url( front_path() . '/' . $path );
}

/** The path of the pages from the shop's home on; with plain permalinks, where no path leads to WordPress, a query. */
function front_path() {
	global $wp_rewrite;
	$pretty = '' !== (string) get_option( 'permalink_structure' ) && ! $wp_rewrite->using_index_permalinks();
	return $pretty ? pages_path() : '/?' . PAGE_VAR . '=';
}

/** The same as the browser needs it: from the root of the address on, below the folder that the shop may live in. */
function rooted_path() {
	return untrailingslashit( (string) wp_parse_url( home_url(), PHP_URL_PATH ) ) . front_path();
}

/** Doorstep links to its pages by the path that it knows. Where the shop's differs, links and forms follow. */
function relinked( $body ) {
	if ( rooted_path() === pages_path() ) {
		return $body;
	}
	return preg_replace_callback(
		'~(?<=["\'])' . preg_quote( pages_path(), '~' ) . '/([^"\']*)(?=["\'])~',
		static function ( $found ) {
			return rooted_path() . '/' . $found[1];
		},
		$body
	);
}

function relinked_address( $address ) {
	$start = pages_path() . '/';
	return 0 === strpos( $address, $start ) ? rooted_path() . '/' . substr( $address, strlen( $start ) ) : $address;
}
